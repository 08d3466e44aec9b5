package io.sonde.app.cli;

import io.sonde.app.node.ReadSide;
import io.sonde.app.problem.ExitCode;
import io.sonde.app.problem.Problem;
import io.sonde.app.storage.Migrations;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sonde rebuild}. */
@Command(
        name = "rebuild",
        mixinStandardHelpOptions = true,
        description = {
            "Empty the read side and replay the journal of closed windows. No node may run meanwhile.",
            "What the journal does not cover any more (sonde.upkeep.keep-journal) stays as it is."
        },
        footer = {"", "Examples:", "  sonde rebuild --yes", "  sonde rebuild --config conf/sonde.conf --yes"})
final class RebuildCommand implements Callable<Integer> {
    @Mixin
    private final DatabaseChoice database = new DatabaseChoice();

    @Option(names = "--yes", description = "Really do it.")
    private boolean yes;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (!yes) {
            throw new Problem(
                    ExitCode.USAGE, "this empties the read side before it fills it again; say --yes to really do it");
        }
        Logs.warningsOnly();
        Optional<Instant> from = database.with(address -> {
            new Migrations(address).requireCurrent();
            return ReadSide.rebuild(database.configuration(address));
        });
        spec.commandLine()
                .getOut()
                .println("rebuilt: the read side is what the journal of closed windows holds"
                        + from.map(day -> ", from " + day
                                        + " on; what is older is as it was, the journal does not cover it")
                                .orElse(""));
        return ExitCode.OK.code();
    }
}
