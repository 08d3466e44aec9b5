package io.sonde.faults;

import io.sonde.testkit.NodeProcess;
import io.sonde.testkit.PostgresServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;

/** A PostgreSQL of one test, durable as in production, on one port: can be stopped, killed and started again on its data. */
final class OwnPostgres implements AutoCloseable {
    private static final int START_ATTEMPTS = 20;

    private final Path data;
    private final int port;
    private EmbeddedPostgres server;

    private OwnPostgres(Path data, int port) throws IOException {
        this.data = data;
        this.port = port;
        this.server = launch();
    }

    /** @param data where it keeps its data, not there yet or empty */
    static OwnPostgres start(Path data) throws IOException {
        OwnPostgres postgres = new OwnPostgres(data, NodeProcess.freePort());
        Flyway.configure().dataSource(postgres.database().dataSource()).load().migrate();
        return postgres;
    }

    int port() {
        return port;
    }

    PostgresServer.Database database() {
        return databaseAt(port);
    }

    /**
     * The same, reached through another port; each statement is sent in full, so that a proxy can tell a COMMIT. The time-outs
     * are the test's alone: a node has its own, which an address would override.
     */
    PostgresServer.Database databaseAt(int throughPort) {
        String url = "jdbc:postgresql://127.0.0.1:" + throughPort + "/postgres?prepareThreshold=0";
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(url);
        dataSource.setUser("postgres");
        dataSource.setConnectTimeout(5);
        dataSource.setSocketTimeout(60);
        return new PostgresServer.Database(url, dataSource);
    }

    /** As an operator stops it: connections are ended, what was committed is checkpointed. */
    void stop() throws IOException {
        server.close();
    }

    /** SIGKILL of the postmaster; the kernel's pages stay, as when the process is killed for its memory. */
    void kill() throws Exception {
        ProcessHandle postmaster = postmaster();
        postmaster.destroyForcibly();
        try {
            postmaster.onExit().get(20, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IOException("PostgreSQL survives SIGKILL", e);
        }
        server.close();
    }

    boolean isAlive() {
        try {
            return Files.exists(data.resolve("postmaster.pid")) && postmaster().isAlive();
        } catch (IOException ended) {
            return false;
        }
    }

    /** Again when its backends have not yet noticed that the postmaster was killed. */
    void restart() throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                server = launch();
                return;
            } catch (IOException | IllegalStateException e) {
                if (attempt == START_ATTEMPTS) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(200);
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private EmbeddedPostgres launch() throws IOException {
        return EmbeddedPostgres.builder()
                .setPort(port)
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPGStartupWait(Duration.ofSeconds(30))
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .start();
    }

    private ProcessHandle postmaster() throws IOException {
        long pid = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
        return ProcessHandle.of(pid).orElseThrow(() -> new IOException("PostgreSQL has ended by itself"));
    }
}
