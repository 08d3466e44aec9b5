package io.sonde.app.cli;

import com.typesafe.config.Config;
import io.sonde.app.config.Configuration;
import io.sonde.app.problem.ExitCode;
import io.sonde.app.problem.Problem;
import io.sonde.app.storage.DataFolder;
import io.sonde.app.storage.DatabaseAddress;
import io.sonde.app.storage.LocalPostgres;
import io.sonde.app.storage.Migrations;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Which database a command works on: that of a data folder, whether it runs or not, or an external one. */
final class DatabaseChoice {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "data",
            scope = ScopeType.INHERIT,
            description = "The folder of sonde up (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of("data");

    @Option(
            names = "--config",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "A node's configuration: its sonde.database instead of --data.")
    private @Nullable Path config;

    <T> T with(Function<DatabaseAddress, T> work) {
        return config == null ? inFolder(work) : work.apply(DatabaseAddress.of(Configuration.ofFile(config)));
    }

    /** Of the file, or the defaults, with this database. */
    Config configuration(DatabaseAddress address) {
        Map<String, String> database = Map.of(
                "sonde.database.url", address.url(),
                "sonde.database.user", address.user(),
                "sonde.database.password", address.password());
        return config == null ? Configuration.of(database) : Configuration.ofFile(config);
    }

    private <T> T inFolder(Function<DatabaseAddress, T> work) {
        if (!Files.isDirectory(data)) {
            throw new Problem(
                    ExitCode.NOT_FOUND,
                    "there is no folder " + data.toAbsolutePath()
                            + "; name that of sonde up with --data DIR, or a cluster's configuration with --config FILE");
        }
        DataFolder folder = DataFolder.open(data);
        Optional<DataFolder.Lock> free = folder.tryLock();
        if (free.isEmpty()) {
            return work.apply(LocalPostgres.runningOn(folder)
                    .orElseThrow(() -> new Problem(
                            ExitCode.UNREACHABLE,
                            "the sonde on " + folder.path() + " is starting or stopping; try again")));
        }
        free.get().close();
        try (LocalPostgres postgres = LocalPostgres.start(folder)) {
            new Migrations(postgres.address()).migrate();
            return work.apply(postgres.address());
        }
    }
}
