package io.sonde.app.metrics;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import io.sonde.core.Counters;
import io.sonde.edge.EdgeMetrics;
import io.sonde.query.DocumentedRoutes;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.server.Route;

/** What one node shows of itself at {@code /metrics}; its registry is its own, for a test runs several in one process. */
public final class NodeMetrics {
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Counters counters = new Counters();
    private final PoolMetrics pools = new PoolMetrics(registry);
    private final EdgeMetrics edge = new EdgeMetrics(registry, DocumentedRoutes.methods());

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

    /** @param blocking where JDBC may block */
    public void watch(ActorSystem system, ExecutorService blocking) {
        DispatcherMetrics.register(system, Map.of("jdbc", blocking), registry);
    }

    /** @param ahead how far the node's clock is ahead of the database's */
    public void watchClock(Supplier<Duration> ahead) {
        GaugeWithCallback.builder()
                .name("sonde_clock_ahead_seconds")
                .unit(Unit.SECONDS)
                .help("How far this node's clock is ahead of the database's, at least; negative when it is behind.")
                .callback(callback -> callback.call(ahead.get().toMillis() / 1e3))
                .register(registry);
    }

    public Route route(MetricsSettings settings) {
        return new MetricsRoute(registry, settings, counters).route();
    }
}
