package io.sonde.app.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import io.sonde.app.metrics.NodeMetrics;
import io.sonde.app.problem.ExitCode;
import io.sonde.app.problem.Problem;
import io.sonde.app.tokens.CachedAuthority;
import io.sonde.app.tokens.TokenTable;
import io.sonde.core.Authority;
import io.sonde.core.ClosedWindows;
import io.sonde.core.Signal;
import io.sonde.core.Tracing;
import io.sonde.core.UsualHours;
import io.sonde.edge.EdgeServer;
import io.sonde.edge.UnusableCertificate;
import io.sonde.problems.ClusterProblems;
import io.sonde.problems.ProblemsSettings;
import io.sonde.qoe.QoeSignal;
import io.sonde.upkeep.ClusterUpkeep;
import io.sonde.upkeep.SilentSeries;
import io.sonde.upkeep.UpkeepSettings;
import io.sonde.views.OpenIncidentStore;
import io.sonde.views.ProblemProjection;
import io.sonde.views.UsualHoursStore;
import io.sonde.views.ViewsSettings;
import io.sonde.views.WindowProjection;
import io.sonde.views.WindowQueries;
import java.io.IOException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.management.javadsl.PekkoManagement;
import org.apache.pekko.remote.RemoteTransportException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running node: takes events, holds its share of the windows, projects, answers questions. */
public final class Node implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final Signal SIGNAL = new QoeSignal();
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
            ServerBinding binding = serve(system, jdbc, changed, membership, server, clock, metrics);
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

    private static ServerBinding serve(
            ActorSystem<?> system,
            Jdbc jdbc,
            Supplier<Optional<Config>> changed,
            Membership membership,
            EdgeServer server,
            Clock clock,
            NodeMetrics metrics)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        metrics.watch(system.classicSystem(), jdbc.views(), jdbc.blocking(), clock);
        NodeOtlp otlp = new NodeOtlp(system, metrics.counters());
        Tracing tracing = otlp.tracing();
        Config config = system.settings().config();
        NodeSettings settings = NodeSettings.from(config.getConfig("sonde"));
        LiveSettings live = LiveSettings.start(system, changed, List.of(SIGNAL), jdbc, clock);
        ClockWatch clocks = ClockWatch.start(
                system, new DatabaseTimeStore(jdbc.views()), clock, settings.clockDifference(), jdbc.blocking());
        UsualHours usualHours = new UsualHoursStore(jdbc.views());
        Engine engine = Engine.start(
                system,
                List.of(SIGNAL),
                settings,
                clock,
                clocks.steady(),
                live.diagnostics(),
                usualHours,
                tracing,
                metrics);
        OpenSourcesTable sources = new OpenSourcesTable(jdbc.views());
        Sweep.start(system, sources, engine.windows(), clock, settings.silence(), jdbc.blocking());
        ViewsSettings views = ViewsSettings.of(config);
        WindowProjection.init(
                system,
                jdbc.projections(),
                views,
                clock,
                tracing,
                otlp.windows(List.of(SIGNAL.kind())),
                metrics.views());
        ProblemProjection.init(system, jdbc.projections(), views);
        ClusterProblems problems = ClusterProblems.init(
                system,
                new OpenIncidentStore(jdbc.views(), clock, jdbc.blocking()),
                metrics.notifications().counted(live, live.channelNames()),
                ProblemsSettings.from(config.getConfig("sonde")),
                clock);
        SilentSeries silent = (series, atMs) -> engine.diagnosers()
                .closed(new ClosedWindows(series.sourceId(SIGNAL.kind().buckets()), atMs, Map.of(), List.of()));
        ClusterUpkeep.init(
                system, jdbc.views(), UpkeepSettings.of(config), silent, clock, clocks::isRight, jdbc.blocking());
        WindowQueries queries = new WindowQueries(jdbc.views(), views, metrics.views());
        TokenTable tokens = new TokenTable(jdbc.views(), clock, new SecureRandom());
        Authority authority = new CachedAuthority(tokens, jdbc.blocking(), clock);
        Health health = new Health(NodeChecks.of(
                engine.bus(),
                membership,
                clocks,
                settings.bus() == NodeSettings.BusKind.JETSTREAM,
                jdbc.views(),
                settings.database(),
                jdbc.blocking(),
                clock));
        var levels = new LogbackLevels(system, SettingChangeTable.of(system, jdbc, clock), jdbc.blocking(), clock);
        Route routes = NodeRoutes.of(
                SIGNAL, engine, problems, queries, authority, health, clocks, metrics, tracing, levels, clock, config);
        ServerBinding binding = await(server.bind(system, routes));
        new OrderlyStop(health, settings.drainDelay(), binding, engine.bus(), queries).register(system, membership);
        if (settings.management()) {
            var unused = await(PekkoManagement.get(system).start());
        }
        return binding;
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

    private static <T> T await(CompletionStage<T> stage)
            throws InterruptedException, ExecutionException, TimeoutException {
        return stage.toCompletableFuture().get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
}
