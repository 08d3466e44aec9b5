package io.sonde.app.cli;

import io.sonde.app.problem.ExitCode;
import io.sonde.app.problem.Problem;
import io.sonde.app.storage.DataFolder;
import io.sonde.app.storage.LocalPostgres;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sonde postgres}. */
@Command(
        name = "postgres",
        mixinStandardHelpOptions = true,
        description = {
            "Run the bundled PostgreSQL alone: for a cluster on one machine (deploy/cluster.sh), or to look into a stopped"
                    + " sonde's data with psql.",
            "Prints \"ready JDBC-URL\" on standard output; the user is sonde, the password in DIR/postgres/password."
        },
        footer = {"", "Example:", "  sonde postgres --data data"})
final class PostgresCommand implements Callable<Integer> {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "data",
            description = "The folder of sonde up (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of("data");

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        LocalPostgres postgres = LocalPostgres.start(DataFolder.open(data));
        AtomicBoolean stopping = new AtomicBoolean();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            stopping.set(true);
                            postgres.close();
                        },
                        "stop-postgres"));
        spec.commandLine().getOut().println("ready " + postgres.address().url());
        spec.commandLine().getOut().flush();
        postgres.exit().toCompletableFuture().join();
        if (!stopping.get()) {
            throw new Problem(ExitCode.FAILED, "PostgreSQL has ended by itself; its log says why: " + postgres.log());
        }
        return ExitCode.OK.code();
    }
}
