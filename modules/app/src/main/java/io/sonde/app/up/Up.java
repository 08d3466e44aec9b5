package io.sonde.app.up;

import io.sonde.app.config.Configuration;
import io.sonde.app.config.ConfigurationSource;
import io.sonde.app.node.Node;
import io.sonde.app.problem.ExitCode;
import io.sonde.app.problem.Problem;
import io.sonde.app.storage.DataFolder;
import io.sonde.app.storage.DatabaseAddress;
import io.sonde.app.storage.LocalPostgres;
import io.sonde.app.storage.Migrations;
import io.sonde.app.tokens.TokenTable;
import io.sonde.app.users.AccountTable;
import io.sonde.target.TargetPorts;
import io.sonde.target.TargetServer;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything in one process tree: PostgreSQL, a node on the direct bus, the test target, and a probe that measures it.
 * Started in that order, stopped in the reverse one.
 */
public final class Up implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";
    private static final Logger LOG = LoggerFactory.getLogger(Up.class);

    private final Settings settings;
    private final CompletableFuture<String> end = new CompletableFuture<>();
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private boolean closed;

    public Up(Settings settings) {
        this.settings = settings;
    }

    /**
     * @param httpPort of the node; 0 for any free one
     * @param targetPort see {@link TargetPorts#beside(int)}
     * @param config more settings of the node
     */
    public record Settings(Path data, int httpPort, int targetPort, boolean probe, Optional<Path> config) {}

    /**
     * Takes traffic.
     *
     * @param password of the first administrator, on the first start alone
     * @param passwordFile where it is kept
     */
    public record Ready(
            String url, String token, @Nullable String password, Path passwordFile, TargetPorts target, Path log) {}

    /** Blocks until the node takes traffic. A {@link Problem} when something is in the way; what was started is stopped then. */
    public Ready start() {
        boolean ready = false;
        try {
            Ready all = startAll();
            ready = true;
            return all;
        } catch (IOException e) {
            throw new Problem(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
        } finally {
            if (!ready) {
                close();
            }
        }
    }

    /** Blocks until it is closed. A {@link Problem} when a part of it ended by itself. */
    public void awaitEnd() {
        String why = end.join();
        close();
        if (!why.isEmpty()) {
            throw new Problem(ExitCode.FAILED, why);
        }
    }

    @Override
    public void close() {
        end.complete("");
        synchronized (started) {
            closed = true;
            while (!started.isEmpty()) {
                stop(started.pop());
            }
        }
    }

    private Ready startAll() throws IOException {
        DataFolder data = DataFolder.open(settings.data());
        TargetPorts targetPorts = Ports.target(settings.targetPort(), "--target-port");
        requireFree(data, targetPorts);

        DatabaseAddress database = startPostgres(data);
        TokenTable tokens = new TokenTable(database.dataSource(), Clock.systemUTC(), new SecureRandom());
        String token = new FirstToken(data.token(), tokens).text();
        AccountTable accounts = new AccountTable(database.dataSource(), Clock.systemUTC());
        Optional<String> password = new FirstAdmin(data.password(), accounts, new SecureRandom()).make();

        Node node = own(start(nodeConfiguration(database)));
        watch(node, data.log("sonde"));
        String url = "http://" + LOOPBACK + ":" + node.httpPort();
        TargetServer target = own(TargetServer.start(targetPorts, data.target()));
        if (settings.probe()) {
            own(ProbeProcess.start(data, url, target));
        }
        return new Ready(url, token, password.orElse(null), data.password().path(), target.ports(), data.log("sonde"));
    }

    /** Under the folder's lock, so that a second start on the same folder is told that, and not that a port is taken. */
    private void requireFree(DataFolder data, TargetPorts target) {
        try (DataFolder.Lock held = data.lock()) {
            LOG.debug("nobody else runs on {}: {}", data.path(), held);
            Ports.requireApart(settings.httpPort(), target);
            Ports.requireFree(LOOPBACK, settings.httpPort(), "--http-port");
            Ports.requireFree(LOOPBACK, target.http(), "--target-port");
            Ports.requireFree(LOOPBACK, target.tls(), "--target-port");
            Ports.requireFree(LOOPBACK, target.expiredTls(), "--target-port");
        }
    }

    private DatabaseAddress startPostgres(DataFolder data) {
        LocalPostgres postgres = own(LocalPostgres.start(data));
        postgres.exit().thenRun(() -> hasEnded("PostgreSQL", data.log("postgres")));
        new Migrations(postgres.address()).migrate();
        return postgres.address();
    }

    private void watch(Node node, Path log) {
        Thread watch = new Thread(
                () -> {
                    try {
                        node.awaitStopped();
                        hasEnded("the node", log);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "watch-node");
        watch.setDaemon(true);
        watch.start();
    }

    /** Of no effect when we are being closed. */
    void hasEnded(String part, Path log) {
        end.complete(part + " has ended by itself; its log says why: " + log);
    }

    private static Node start(ConfigurationSource source) {
        return Node.start(source.config(), source::changed);
    }

    private ConfigurationSource nodeConfiguration(DatabaseAddress database) {
        Map<String, Object> own = Map.of(
                "sonde.bus",
                "direct",
                "sonde.http.host",
                LOOPBACK,
                "sonde.http.port",
                settings.httpPort(),
                "sonde.database.url",
                database.url(),
                "sonde.database.user",
                database.user(),
                "sonde.database.password",
                database.password(),
                "pekko.remote.artery.canonical.hostname",
                LOOPBACK,
                "pekko.remote.artery.canonical.port",
                0,
                "sonde.management",
                false);
        return settings.config()
                .map(file -> ConfigurationSource.ofFile(file, own))
                .orElseGet(() -> ConfigurationSource.fixed(Configuration.of(own)));
    }

    private <T extends AutoCloseable> T own(T part) {
        synchronized (started) {
            if (closed) {
                stop(part);
                throw new Problem(ExitCode.FAILED, "stopped while starting");
            }
            started.push(part);
        }
        return part;
    }

    @SuppressWarnings("try") // whatever a part throws, the others are stopped too
    private static void stop(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            LOG.warn("{} does not stop cleanly", part.getClass().getSimpleName(), e);
        }
    }
}
