package io.sonde.app.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import io.sonde.app.metrics.NodeMetrics;
import io.sonde.app.problem.ExitCode;
import io.sonde.app.problem.Problem;
import io.sonde.edge.EdgeServer;
import io.sonde.edge.UnusableCertificate;
import io.sonde.views.WindowProjection;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.remote.RemoteTransportException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running node: takes events, holds its share of the windows, projects, answers questions. */
public final class Node implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final String SEEDS = "pekko.cluster.seed-nodes";
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

    private final ActorSystem<?> system;
    private final Jdbc jdbc;
    private final ServerBinding binding;

    private Node(ActorSystem<?> system, Jdbc jdbc, ServerBinding binding) {
        this.system = system;
        this.jdbc = jdbc;
        this.binding = binding;
    }

    /**
     * Starts a node on a migrated database and returns when it takes traffic.
     *
     * @param config the whole configuration, resolved
     * @throws Problem when something it needs is not there, in one line
     */
    public static Node start(Config config) {
        return start(config, Clock.systemUTC());
    }

    /** @param clock what the node takes for the time */
    public static Node start(Config config, Clock clock) {
        return start(config, Optional::empty, clock);
    }

    /** @param changed the configuration when it has changed since the last call: what can is taken over */
    public static Node start(Config config, Supplier<Optional<Config>> changed) {
        return start(config, changed, Clock.systemUTC());
    }

    private static Node start(Config config, Supplier<Optional<Config>> changed, Clock clock) {
        NodeSettings settings = NodeSettings.from(config.getConfig("sonde"));
        EdgeServer server = server(settings, clock);
        NodeMetrics metrics = new NodeMetrics();
        Jdbc jdbc = Jdbc.open(config, settings.database(), metrics.pools());
        requireOwnJournal(jdbc);
        ActorSystem<Void> system = actors(config, jdbc);
        try {
            Membership membership = Membership.join(
                    system, config.getStringList(SEEDS), new NodeTable(jdbc.views()), START_LIMIT, jdbc.blocking());
            ServerBinding binding =
                    new Wiring(system, jdbc, metrics, clock, START_LIMIT).serve(server, membership, changed);
            LOG.info("takes events and answers questions at {}", binding.localAddress());
            return new Node(system, jdbc, binding);
        } catch (IOException | InterruptedException | ExecutionException | TimeoutException | CompletionException e) {
            stop(system, jdbc);
            throw StartFailure.problem(e);
        }
    }

    private static void requireOwnJournal(Jdbc jdbc) {
        try {
            WindowProjection.requireOwnJournal(jdbc.views());
            new DurabilityStore(jdbc.views()).warn();
        } catch (IllegalStateException e) {
            jdbc.close();
            throw new Problem(ExitCode.SCHEMA, "the node cannot start: " + e.getMessage(), e);
        } catch (SQLException e) {
            jdbc.close();
            throw new Problem(ExitCode.UNREACHABLE, "the node cannot start: " + e.getMessage(), e);
        }
    }

    /** First, so that a certificate that cannot be used is said before anything is started. */
    private static EdgeServer server(NodeSettings settings, Clock clock) {
        try {
            return EdgeServer.of(settings.httpHost(), settings.httpPort(), settings.tls(), clock);
        } catch (UnusableCertificate e) {
            throw new Problem(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    private static ActorSystem<Void> actors(Config config, Jdbc jdbc) {
        try {
            Config withoutSeeds = config.withValue(SEEDS, ConfigValueFactory.fromIterable(List.of()));
            return ActorSystem.create(Behaviors.empty(), "sonde", withoutSeeds);
        } catch (RemoteTransportException e) {
            jdbc.close();
            throw new Problem(
                    ExitCode.IN_USE,
                    "the node cannot start: " + e.getMessage()
                            + "; choose another with pekko.remote.artery.canonical.port",
                    e);
        }
    }

    public int httpPort() {
        return binding.localAddress().getPort();
    }

    /** Returns when the node has stopped: closed, or put out of the cluster because the others went on without it. */
    public void awaitStopped() throws InterruptedException {
        try {
            var unused = system.getWhenTerminated().toCompletableFuture().get();
        } catch (ExecutionException e) {
            LOG.warn("the node ended badly", e);
        }
    }

    /** Moves its work to the other nodes, if there are any, and stops; may be called again. */
    @Override
    public void close() {
        stop(system, jdbc);
    }

    private static void stop(ActorSystem<?> system, Jdbc jdbc) {
        try {
            CoordinatedShutdown.get(system)
                    .runAll(CoordinatedShutdown.actorSystemTerminateReason())
                    .toCompletableFuture()
                    .get(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("the node did not stop cleanly", e);
        }
        jdbc.close();
    }
}
