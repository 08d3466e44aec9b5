package io.sonde.app.node;

import com.typesafe.config.Config;
import io.sonde.app.metrics.NodeMetrics;
import io.sonde.app.probes.Probes;
import io.sonde.app.users.Admission;
import io.sonde.app.users.OidcSettings;
import io.sonde.app.users.SignInSettings;
import io.sonde.core.ClosedWindows;
import io.sonde.core.Signal;
import io.sonde.edge.EdgeServer;
import io.sonde.problems.ClusterProblems;
import io.sonde.problems.ProblemsSettings;
import io.sonde.qoe.QoeSignal;
import io.sonde.query.StreamMetrics;
import io.sonde.query.StreamSettings;
import io.sonde.query.Streams;
import io.sonde.upkeep.ClusterUpkeep;
import io.sonde.upkeep.SilentSeries;
import io.sonde.upkeep.UpkeepSettings;
import io.sonde.views.News;
import io.sonde.views.OpenIncidentStore;
import io.sonde.views.ProblemProjection;
import io.sonde.views.UsualHoursStore;
import io.sonde.views.ViewsSettings;
import io.sonde.views.WindowProjection;
import io.sonde.views.WindowQueries;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.management.javadsl.PekkoManagement;

/** The parts of a node that is a member of its cluster, and which of them is given which. */
final class Wiring {
    private static final Signal SIGNAL = new QoeSignal();

    private final ActorSystem<?> system;
    private final Jdbc jdbc;
    private final NodeMetrics metrics;
    private final Clock clock;
    private final Duration limit;
    private final Config config;
    private final NodeSettings settings;
    private final ViewsSettings views;

    /** @param limit how long any of them may take to start */
    Wiring(ActorSystem<?> system, Jdbc jdbc, NodeMetrics metrics, Clock clock, Duration limit) {
        this.system = system;
        this.jdbc = jdbc;
        this.metrics = metrics;
        this.clock = clock;
        this.limit = limit;
        this.config = system.settings().config();
        this.settings = NodeSettings.from(config.getConfig("sonde"));
        this.views = ViewsSettings.of(config);
    }

    /** Starts them all, the door last. */
    ServerBinding serve(EdgeServer server, Membership membership, Supplier<Optional<Config>> changed)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        metrics.watch(system.classicSystem(), jdbc.views(), jdbc.blocking(), clock);
        NodeOtlp otlp = new NodeOtlp(system, metrics.counters());
        LiveSettings live = LiveSettings.start(system, changed, List.of(SIGNAL), jdbc, clock);
        ClockWatch clocks = ClockWatch.start(
                system, new DatabaseTimeStore(jdbc.views()), clock, settings.clockDifference(), jdbc.blocking());
        Engine engine = engine(live, clocks, otlp);
        News news = new News(system);
        project(otlp, news);
        ClusterProblems problems = problems(live);
        upkeep(engine, clocks);
        WindowQueries queries = new WindowQueries(jdbc.views(), views, metrics.views());
        Streams streams = streams(news, queries);
        Health health = health(engine, membership, clocks);
        Route routes = NodeRoutes.of(
                SIGNAL,
                engine,
                problems,
                queries,
                streams,
                new Admission(
                        jdbc.views(),
                        jdbc.blocking(),
                        SignInSettings.from(config.getConfig("sonde")),
                        OidcSettings.from(config.getConfig("sonde")),
                        clock),
                health,
                clocks,
                metrics,
                otlp.tracing(),
                new LogbackLevels(system, SettingChangeTable.of(system, jdbc, clock), jdbc.blocking(), clock),
                live,
                new Probes(jdbc.views(), clock),
                jdbc,
                clock,
                config);
        ServerBinding binding = await(server.bind(system, routes));
        new OrderlyStop(health, settings.drainDelay(), binding, streams, engine.bus(), queries)
                .register(system, membership);
        if (settings.management()) {
            var unused = await(PekkoManagement.get(system).start());
        }
        return binding;
    }

    private Engine engine(LiveSettings live, ClockWatch clocks, NodeOtlp otlp)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        Engine engine = Engine.start(
                system,
                List.of(SIGNAL),
                settings,
                clock,
                clocks.steady(),
                live.diagnostics(),
                new UsualHoursStore(jdbc.views()),
                otlp.tracing(),
                metrics);
        OpenSourcesTable sources = new OpenSourcesTable(jdbc.views());
        Sweep.start(system, sources, engine.windows(), clock, settings.silence(), jdbc.blocking());
        return engine;
    }

    private void project(NodeOtlp otlp, News news) {
        WindowProjection.init(
                system,
                jdbc.projections(),
                views,
                clock,
                otlp.tracing(),
                otlp.windows(List.of(SIGNAL.kind())),
                news,
                metrics.views());
        ProblemProjection.init(system, jdbc.projections(), views, news);
    }

    private Streams streams(News news, WindowQueries queries) {
        return new Streams(
                        SIGNAL.kind(),
                        news,
                        queries,
                        StreamSettings.of(config),
                        new StreamMetrics(metrics.registry()),
                        clock,
                        Cluster.get(system).selfMember().address().hostPort())
                .start(system);
    }

    private ClusterProblems problems(LiveSettings live) {
        return ClusterProblems.init(
                system,
                new OpenIncidentStore(jdbc.views(), clock, jdbc.blocking()),
                metrics.notifications().counted(live, live.channelNames()),
                ProblemsSettings.from(config.getConfig("sonde")),
                clock);
    }

    private void upkeep(Engine engine, ClockWatch clocks) {
        SilentSeries silent = (series, atMs) -> engine.diagnosers()
                .closed(new ClosedWindows(series.sourceId(SIGNAL.kind().buckets()), atMs, Map.of(), List.of()));
        ClusterUpkeep.init(
                system, jdbc.views(), UpkeepSettings.of(config), silent, clock, clocks::isRight, jdbc.blocking());
    }

    private Health health(Engine engine, Membership membership, ClockWatch clocks) {
        return new Health(NodeChecks.of(
                engine.bus(),
                membership,
                clocks,
                settings.bus() == NodeSettings.BusKind.JETSTREAM,
                jdbc.views(),
                settings.database(),
                jdbc.blocking(),
                clock));
    }

    private <T> T await(CompletionStage<T> stage) throws InterruptedException, ExecutionException, TimeoutException {
        return stage.toCompletableFuture().get(limit.toSeconds(), TimeUnit.SECONDS);
    }
}
