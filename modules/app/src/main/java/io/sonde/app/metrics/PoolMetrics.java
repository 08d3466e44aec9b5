package io.sonde.app.metrics;

import com.zaxxer.hikari.metrics.IMetricsTracker;
import com.zaxxer.hikari.metrics.MetricsTrackerFactory;
import com.zaxxer.hikari.metrics.PoolStats;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The pools of connections to PostgreSQL: how many are in use, who waits, and how long. */
public final class PoolMetrics implements MetricsTrackerFactory {
    private static final double[] SECONDS = {0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 2, 5, 15, 60};

    private final Map<String, PoolStats> pools = new ConcurrentHashMap<>();
    private final Histogram acquired;
    private final Histogram used;
    private final Counter timeouts;

    public PoolMetrics(PrometheusRegistry registry) {
        GaugeWithCallback.builder()
                .name("sonde_jdbc_connections")
                .help("Connections of a pool that are in use or idle, and threads that wait for one (pending).")
                .labelNames("pool", "state")
                .callback(callback -> pools.forEach((pool, stats) -> {
                    callback.call(stats.getActiveConnections(), pool, "active");
                    callback.call(stats.getIdleConnections(), pool, "idle");
                    callback.call(stats.getPendingThreads(), pool, "pending");
                }))
                .register(registry);
        GaugeWithCallback.builder()
                .name("sonde_jdbc_connections_max")
                .help("As many connections a pool may open.")
                .labelNames("pool")
                .callback(callback -> pools.forEach((pool, stats) -> callback.call(stats.getMaxConnections(), pool)))
                .register(registry);
        acquired = histogram("sonde_jdbc_acquire_duration_seconds", "How long a connection was waited for.", registry);
        used = histogram("sonde_jdbc_usage_duration_seconds", "How long a connection was held.", registry);
        timeouts = Counter.builder()
                .name("sonde_jdbc_acquire_timeouts_total")
                .help("Connections that were waited for in vain.")
                .labelNames("pool")
                .withoutExemplars()
                .register(registry);
    }

    private static Histogram histogram(String name, String help, PrometheusRegistry registry) {
        return Histogram.builder()
                .name(name)
                .unit(Unit.SECONDS)
                .help(help)
                .labelNames("pool")
                .classicOnly()
                .classicUpperBounds(SECONDS)
                .withoutExemplars()
                .register(registry);
    }

    @Override
    public IMetricsTracker create(String pool, PoolStats stats) {
        pools.put(pool, stats);
        return new Tracker(acquired.labelValues(pool), used.labelValues(pool), timeouts.labelValues(pool));
    }

    private record Tracker(DistributionDataPoint acquired, DistributionDataPoint used, CounterDataPoint timeouts)
            implements IMetricsTracker {
        @Override
        public void recordConnectionAcquiredNanos(long nanos) {
            acquired.observe(nanos / 1e9);
        }

        @Override
        public void recordConnectionUsageMillis(long millis) {
            used.observe(millis / 1e3);
        }

        @Override
        public void recordConnectionTimeout() {
            timeouts.inc();
        }
    }
}
