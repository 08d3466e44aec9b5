package io.sonde.app.cli;

import io.sonde.app.config.Configuration;
import io.sonde.app.storage.DatabaseAddress;
import io.sonde.app.storage.Migrations;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sonde migrate}. */
@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        description = {
            "Bring the schema of an external database up to date.",
            "Run it once before the first node and with each new version; nodes refuse to start on an older schema."
        },
        footer = {"", "Example:", "  SONDE_DATABASE_PASSWORD=… sonde migrate --config conf/sonde.conf"})
final class MigrateCommand implements Callable<Integer> {
    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "The configuration whose sonde.database is migrated.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path config;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        DatabaseAddress database = DatabaseAddress.of(Configuration.ofFile(config));
        int run = new Migrations(database).migrate();
        spec.commandLine()
                .getOut()
                .println(
                        run == 0
                                ? "the schema is up to date"
                                : run + (run == 1 ? " migration run" : " migrations run"));
        return 0;
    }
}
