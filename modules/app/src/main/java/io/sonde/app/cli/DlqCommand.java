package io.sonde.app.cli;

import com.typesafe.config.Config;
import io.nats.client.JetStreamApiException;
import io.sonde.app.config.Configuration;
import io.sonde.app.node.NodeSettings;
import io.sonde.app.problem.ExitCode;
import io.sonde.app.problem.Problem;
import io.sonde.bus.DeadLetter;
import io.sonde.bus.DeadLetterBox;
import io.sonde.bus.JetStreamSettings;
import io.sonde.bus.Outcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code sonde dlq}: what could not be recorded. */
@Command(
        name = "dlq",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(list | show | replay | discard)",
        description = {
            "Look at the dead letters of a cluster: batches of events that could not be recorded, and why.",
            "Replay them after what was wrong has been put right, or discard them."
        },
        footer = {
            "",
            "Examples:",
            "  sonde dlq list --config conf/sonde.conf --since 12h",
            "  sonde dlq show --config conf/sonde.conf --id 17",
            "  sonde dlq replay --config conf/sonde.conf --reason failed --source berlin-1 --dry-run",
            "  sonde dlq discard --config conf/sonde.conf --until 30d --yes"
        })
final class DlqCommand {
    private static final String NONE_ON_DIRECT = "It has no dead letters: an event is recorded or refused before its"
            + " sender is answered; with --config FILE name a node that runs on JetStream";

    @Option(
            names = "--config",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "A node's configuration: its sonde.nats is where the dead letters are.")
    private @Nullable Path config;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "One JSON object per line.")
    private boolean asJson;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    /** What is done with the letters that were found. */
    private interface Work {
        ExitCode on(DeadLetterBox box, List<DeadLetter> letters)
                throws IOException, JetStreamApiException, InterruptedException;
    }

    @Command(description = "List them, the oldest first.", mixinStandardHelpOptions = true)
    int list(@Mixin LetterChoice choice) {
        return withLetters(choice, (box, letters) -> {
            text().heading();
            letters.forEach(text()::row);
            return ExitCode.OK;
        });
    }

    @Command(description = "Show them with their events.", mixinStandardHelpOptions = true)
    int show(@Mixin LetterChoice choice) {
        return withLetters(choice, (box, letters) -> {
            letters.forEach(text()::whole);
            return letters.isEmpty() ? ExitCode.NOT_FOUND : ExitCode.OK;
        });
    }

    @Command(
            description = {
                "Put them back into the stream and say what became of each.",
                "Events keep their ids, so none is counted twice, and the time of their first receipt, so they are late only"
                        + " where their window has been sealed meanwhile."
            },
            mixinStandardHelpOptions = true)
    int replay(
            @Mixin LetterChoice choice,
            @Option(names = "--dry-run", description = "Only say which.") boolean dryRun,
            @Option(
                            names = "--wait",
                            paramLabel = "SECONDS",
                            defaultValue = "30",
                            description = "How long to wait for what becomes of one (default: ${DEFAULT-VALUE}).")
                    int seconds) {
        return withLetters(choice, (box, letters) -> {
            ExitCode code = ExitCode.OK;
            for (DeadLetter letter : letters) {
                boolean done = dryRun ? wouldReplay(letter) : replay(box, letter, Duration.ofSeconds(seconds));
                code = done ? code : ExitCode.PARTLY;
            }
            return code;
        });
    }

    @Command(description = "Delete them for ever.", mixinStandardHelpOptions = true)
    int discard(
            @Mixin LetterChoice choice,
            @Option(names = "--dry-run", description = "Only say which.") boolean dryRun,
            @Option(names = "--yes", description = "Really do it.") boolean yes) {
        if (!yes && !dryRun) {
            throw new Problem(
                    ExitCode.USAGE,
                    "this deletes events for ever; look with --dry-run first, and say --yes to really do it");
        }
        return withLetters(choice, (box, letters) -> {
            for (DeadLetter letter : letters) {
                if (!dryRun) {
                    box.discard(letter);
                }
                text().said(letter, (dryRun ? "would discard " : "discarded ") + letter.events() + " events");
            }
            return ExitCode.OK;
        });
    }

    private boolean wouldReplay(DeadLetter letter) {
        boolean readable = letter.batch().isPresent();
        text().said(
                        letter,
                        readable
                                ? "would replay " + letter.events() + " events"
                                : "is unreadable to this version, cannot be replayed");
        return readable;
    }

    private boolean replay(DeadLetterBox box, DeadLetter letter, Duration patience)
            throws IOException, JetStreamApiException, InterruptedException {
        if (letter.batch().isEmpty()) {
            return wouldReplay(letter);
        }
        Outcome outcome = box.replay(letter, patience);
        text().done(letter, outcome);
        return outcome instanceof Outcome.Recorded recorded && recorded.unrecordable() == 0;
    }

    private int withLetters(LetterChoice choice, Work work) {
        Logs.warningsOnly();
        JetStreamSettings settings = settings();
        try (DeadLetterBox box = DeadLetterBox.open(settings)) {
            List<DeadLetter> letters = box.find(choice.filter(), choice.limit());
            ExitCode code = work.on(box, letters);
            if (letters.isEmpty()) {
                err("no dead letters like that");
            } else if (letters.size() == choice.limit()) {
                err("these are the first " + choice.limit() + "; there may be more (--limit)");
            }
            return code.code();
        } catch (IOException | JetStreamApiException e) {
            throw new Problem(
                    ExitCode.UNREACHABLE,
                    "the dead letters at " + settings.url() + " cannot be reached (" + e.getMessage()
                            + "); is NATS there, and has a node run on it?",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(ExitCode.FAILED, "interrupted", e);
        }
    }

    private JetStreamSettings settings() {
        if (config == null) {
            throw new Problem(ExitCode.USAGE, "sonde up runs on the direct bus. " + NONE_ON_DIRECT);
        }
        Config sonde = Configuration.ofFile(config).getConfig("sonde");
        return switch (NodeSettings.bus(sonde.getString("bus"))) {
            case DIRECT -> throw new Problem(ExitCode.USAGE, config + " says sonde.bus = direct. " + NONE_ON_DIRECT);
            case JETSTREAM -> JetStreamSettings.from(sonde);
        };
    }

    private LetterText text() {
        return new LetterText(spec.commandLine().getOut(), asJson);
    }

    private void err(String what) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(what);
        err.flush();
    }
}
