package io.sonde.app.cli;

import io.sonde.app.node.ReadSide;
import io.sonde.app.problem.ExitCode;
import io.sonde.app.problem.Problem;
import io.sonde.app.storage.Migrations;
import io.sonde.views.Verified;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sonde verify}. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Compare the read side with the journal of closed windows, row by row and column by column; hours, days and"
                    + " overviews with their minutes; and look for gaps in the journals. It writes nothing, and nodes may run meanwhile.",
            "What is too old to be kept is left out. Without --config the defaults say how long that is."
        },
        footer = {
            "",
            "Examples:",
            "  sonde verify",
            "  sonde verify --from 2026-05-01T00:00:00Z --to 2026-05-02T00:00:00Z --json",
            "  sonde verify --config conf/sonde.conf --wait 60"
        })
final class VerifyCommand implements Callable<Integer> {
    @Mixin
    private final DatabaseChoice database = new DatabaseChoice();

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "Windows that start then or later, like 2026-05-01T00:00:00Z.")
    private @Nullable Instant from;

    @Option(names = "--to", paramLabel = "TIME", description = "Windows that start before then.")
    private @Nullable Instant to;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "Name the first N differences (default: ${DEFAULT-VALUE}); all are counted.")
    private int limit;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description =
                    "How long the projections may take to copy what is journalled now (default: ${DEFAULT-VALUE}).")
    private int waitSeconds;

    @Option(names = "--json", description = "One JSON object instead of lines.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (limit < 0 || waitSeconds < 0) {
            throw new Problem(ExitCode.USAGE, "--limit and --wait must be 0 or more");
        }
        Logs.warningsOnly();
        Verified verified = database.with(address -> {
            new Migrations(address).requireCurrent();
            return ReadSide.verify(
                    database.configuration(address),
                    address,
                    Optional.ofNullable(from),
                    Optional.ofNullable(to),
                    Duration.ofSeconds(waitSeconds),
                    limit);
        });
        PrintWriter out = spec.commandLine().getOut();
        ExitCode outcome = outcome(verified);
        out.println(json ? VerifiedFormat.json(verified, outcome) : VerifiedFormat.text(verified));
        return outcome.code();
    }

    private static ExitCode outcome(Verified verified) {
        if (!verified.same()) {
            return ExitCode.DIFFERENT;
        }
        return verified.behind() ? ExitCode.BEHIND : ExitCode.OK;
    }
}
