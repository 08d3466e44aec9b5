package io.sonde.app.metrics;

import static org.apache.pekko.http.javadsl.server.Directives.concat;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sonde.app.web.WebApplication;
import io.sonde.core.Counters;
import io.sonde.core.Signal;
import io.sonde.core.Watermark;
import io.sonde.edge.Access;
import io.sonde.edge.EdgeMetrics;
import io.sonde.query.DocumentedRoutes;
import io.sonde.views.FiguresStore;
import io.sonde.views.ViewsMetrics;
import io.sonde.views.WindowQueries;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.server.Route;

/** What one node shows of itself at {@code /metrics}; its registry is its own, for a test runs several in one process. */
public final class NodeMetrics {
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Counters counters = new Counters();
    private final PoolMetrics pools = new PoolMetrics(registry);
    private final DelayMetrics delays = new DelayMetrics(registry);
    private final NotificationMetrics notifications = new NotificationMetrics(registry);
    private final ViewsMetrics views = new ViewsMetrics(registry);
    private final EdgeMetrics edge = new EdgeMetrics(registry, routes());

    public NodeMetrics() {
        JvmMetrics.builder().register(registry);
        registry.register(new CountersCollector(counters));
    }

    /** What the parts of the node count by name. */
    public Counters counters() {
        return counters;
    }

    /** For the pools of connections that are opened. */
    public PoolMetrics pools() {
        return pools;
    }

    public EdgeMetrics edge() {
        return edge;
    }

    public DelayMetrics delays() {
        return delays;
    }

    public NotificationMetrics notifications() {
        return notifications;
    }

    public ViewsMetrics views() {
        return views;
    }

    /** Where the engine's parts show what they do. */
    public PrometheusRegistry registry() {
        return registry;
    }

    /**
     * @param database asked every few seconds
     * @param blocking where JDBC may block
     */
    public void watch(ActorSystem system, DataSource database, ExecutorService blocking, Clock clock) {
        JournalPool.watch(system, pools);
        DatabaseMetrics.start(system, new FiguresStore(database), clock, blocking, registry);
        DispatcherMetrics.register(system, Map.of("jdbc", blocking), registry);
    }

    /** What the edge has in hand; see {@code sonde.edge.max-bytes-in-flight} and {@code max-batches-in-flight}. */
    public void watchInFlight(LongSupplier bytes, LongSupplier batches) {
        gauge("sonde_edge_in_flight_bytes", "Bytes of bodies that the edge has in hand.", bytes::getAsLong);
        gauge("sonde_edge_in_flight_batches", "Batches that the bus has not answered.", batches::getAsLong);
    }

    /** How far the watermark, behind which windows are sealed, is behind the clock. */
    public void watchWatermark(Watermark watermark, Clock clock) {
        gauge(
                "sonde_windows_watermark_delay_seconds",
                "How far the watermark, behind which windows can be sealed, is behind the clock; NaN while unknown.",
                () -> {
                    long at = watermark.watermarkMs();
                    return at == Long.MIN_VALUE ? Double.NaN : (clock.millis() - at) / 1e3;
                });
    }

    private void gauge(String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    /** One thing that a node needs. */
    public record Need(String name, boolean essential, boolean there) {}

    /** @param needs what was found last; whoever reads it waits for nobody */
    public void watchNeeds(Supplier<List<Need>> needs) {
        GaugeWithCallback.builder()
                .name("sonde_health_check")
                .help("What /readyz found last of each thing that the node needs: 1 when it is there, 0 when not.")
                .labelNames("check", "essential")
                .callback(callback -> needs.get()
                        .forEach(need ->
                                callback.call(need.there() ? 1 : 0, need.name(), Boolean.toString(need.essential()))))
                .register(registry);
    }

    /** @param ahead how far the node's clock is ahead of the database's */
    public void watchClock(Supplier<Duration> ahead) {
        gauge(
                "sonde_clock_ahead_seconds",
                "How far this node's clock is ahead of the database's, at least; negative when it is behind.",
                () -> ahead.get().toMillis() / 1e3);
    }

    /** {@code /metrics} and, where it is wanted, {@code /probe-metrics}. */
    public Route route(MetricsSettings settings, Access access, Signal signal, WindowQueries queries, Clock clock) {
        return concat(
                new MetricsRoute(registry, settings, counters).route(),
                new ProbeMetricsRoute(access, signal, queries, settings.probes(), clock).route());
    }

    private static Map<String, Set<String>> routes() {
        Map<String, Set<String>> routes = new HashMap<>(DocumentedRoutes.methods());
        routes.put("/" + ProbeMetricsRoute.PATH, Set.of("GET"));
        routes.putAll(WebApplication.methods());
        return routes;
    }
}
