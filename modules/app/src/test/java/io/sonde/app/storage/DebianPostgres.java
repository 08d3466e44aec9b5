package io.sonde.app.storage;

import io.sonde.testkit.NodeProcess;
import io.sonde.testkit.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;

/** A PostgreSQL of the distribution, which has its client programs beside it: the bundled one has neither pg_dump nor psql. */
public final class DebianPostgres implements AutoCloseable {
    private static final Path VERSIONS = Path.of("/usr/lib/postgresql");

    private final Path data;
    private final int port;

    private DebianPostgres(Path data, int port) {
        this.data = data;
        this.port = port;
    }

    /** A new cluster, whose transactions begin to count anew, with an empty database {@code sonde}. */
    public static DebianPostgres start(Path folder) throws Exception {
        DebianPostgres postgres = new DebianPostgres(folder.resolve("data"), NodeProcess.freePort());
        Files.createDirectories(folder);
        postgres.run(
                "initdb",
                "-D",
                postgres.data.toString(),
                "-U",
                "postgres",
                "-A",
                "trust",
                "-N",
                "-E",
                "UTF8",
                "--locale=C");
        postgres.run(
                "pg_ctl",
                "-D",
                postgres.data.toString(),
                "-w",
                "-l",
                folder.resolve("log").toString(),
                "-o",
                "-p " + postgres.port + " -k '' -c listen_addresses=127.0.0.1 -c fsync=off",
                "start");
        try (Connection connection = postgres.database("postgres").dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE sonde");
        }
        return postgres;
    }

    public PostgresServer.Database database() {
        return database("sonde");
    }

    /** Where pg_dump and the others are. */
    public static Path programs() throws IOException {
        if (Files.isDirectory(VERSIONS)) {
            try (Stream<Path> versions = Files.list(VERSIONS)) {
                return versions.map(version -> version.resolve("bin"))
                        .filter(bin -> Stream.of("initdb", "pg_ctl", "pg_dump", "pg_restore", "psql")
                                .allMatch(program -> Files.isExecutable(bin.resolve(program))))
                        .max(Comparator.naturalOrder())
                        .orElseThrow(DebianPostgres::missing);
            }
        }
        throw missing();
    }

    @Override
    public void close() throws IOException {
        run("pg_ctl", "-D", data.toString(), "-m", "fast", "-w", "stop");
    }

    private static IOException missing() {
        return new IOException(
                "there is no PostgreSQL with its programs in " + VERSIONS + ": apt-get install postgresql");
    }

    private PostgresServer.Database database(String name) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl("jdbc:postgresql://127.0.0.1:" + port + "/" + name);
        dataSource.setUser("postgres");
        return new PostgresServer.Database(dataSource.getUrl(), dataSource);
    }

    private void run(String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(programs().resolve(program).toString());
        command.addAll(List.of(arguments));
        List<String> whole = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            whole.addAll(List.of("unshare", "-U", "--"));
        }
        whole.addAll(command);
        Process process = new ProcessBuilder(whole)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!ended(process) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", whole) + " failed");
        }
    }

    private static boolean ended(Process process) {
        try {
            return process.waitFor(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
