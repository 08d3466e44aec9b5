package io.sonde.app.cli;

import com.typesafe.config.Config;
import io.sonde.app.node.DatabaseTimeStore;
import io.sonde.app.problem.ExitCode;
import io.sonde.app.problem.Problem;
import io.sonde.app.storage.DatabaseAddress;
import io.sonde.app.storage.Migrations;
import io.sonde.upkeep.Upkeep;
import io.sonde.upkeep.UpkeepReport;
import io.sonde.upkeep.UpkeepSettings;
import io.sonde.views.WindowProjection;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sonde upkeep}. */
@Command(
        name = "upkeep",
        mixinStandardHelpOptions = true,
        description = {
            "Do now what a node does once an hour: make the partitions of the months to come, drop and delete what is older"
                    + " than sonde.upkeep says. Nodes may run meanwhile.",
            "Without --config the defaults say how long things are kept."
        },
        footer = {"", "Examples:", "  sonde upkeep --dry-run", "  sonde upkeep --config conf/sonde.conf"})
final class UpkeepCommand implements Callable<Integer> {
    @Mixin
    private final DatabaseChoice database = new DatabaseChoice();

    @Option(names = "--dry-run", description = "Only say what would be made, dropped and deleted.")
    private boolean dryRun;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        Logs.warningsOnly();
        UpkeepReport report = database.with(this::upkeep);
        PrintWriter out = spec.commandLine().getOut();
        List<String> lines = report.lines();
        (lines.isEmpty() ? List.of("there is nothing to do") : lines).forEach(out::println);
        return (report.errors().isEmpty() ? ExitCode.OK : ExitCode.PARTLY).code();
    }

    private UpkeepReport upkeep(DatabaseAddress address) {
        new Migrations(address).requireCurrent();
        Config config = database.configuration(address);
        UpkeepSettings settings = UpkeepSettings.of(config);
        Upkeep upkeep = new Upkeep(address.patientDataSource(), settings, "sonde upkeep", Clock.systemUTC());
        try {
            WindowProjection.requireOwnJournal(address.dataSource());
            requireClock(address, config.getDuration("sonde.clock-difference"));
            return dryRun
                    ? upkeep.look()
                    : upkeep.run()
                            .orElseThrow(() -> new Problem(
                                    ExitCode.IN_USE, "somebody else is at the upkeep of this database; try again"));
        } catch (IllegalStateException e) {
            throw new Problem(ExitCode.SCHEMA, String.valueOf(e.getMessage()), e);
        } catch (SQLException e) {
            throw new Problem(ExitCode.UNREACHABLE, "the upkeep failed: " + e.getMessage(), e);
        }
    }

    /** What a clock in the future deletes is gone for ever. */
    private static void requireClock(DatabaseAddress address, Duration limit) throws SQLException {
        Duration ahead = Duration.ofMillis(new DatabaseTimeStore(address.dataSource()).aheadMs(Clock.systemUTC()));
        if (ahead.abs().compareTo(limit) > 0) {
            throw new Problem(
                    ExitCode.FAILED,
                    "this machine's clock is " + ahead.toSeconds()
                            + " s ahead of the database's; set it right, or too much is deleted");
        }
    }
}
