package io.sonde.app.cli;

import io.sonde.app.node.ReadSide;
import io.sonde.app.problem.ExitCode;
import io.sonde.app.problem.Problem;
import io.sonde.app.storage.Migrations;
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
            "Empty the read side and replay what the journal of closed windows still holds. No node may run meanwhile.",
            "Windows older than the journal are gone from the read side afterwards."
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
        database.with(address -> {
            new Migrations(address).requireCurrent();
            ReadSide.rebuild(database.configuration(address));
            return address;
        });
        spec.commandLine().getOut().println("rebuilt: the read side is what the journal of closed windows holds");
        return ExitCode.OK.code();
    }
}
