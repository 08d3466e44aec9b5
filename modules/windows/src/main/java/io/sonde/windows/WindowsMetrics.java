package io.sonde.windows;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import io.sonde.core.Batch;
import java.util.function.ObjLongConsumer;

/** What the sources of this node and their windows do. */
public final class WindowsMetrics {
    private static final double[] WRITE_SECONDS = {
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
    };
    private static final double[] CLOSE_SECONDS = {0.00001, 0.00005, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5
    };

    final Gauge entities;
    final Counter recoveries;
    final Counter passivations;
    final Gauge open;
    final Counter opened;
    final Counter published;
    final Counter revised;
    final Counter sealed;
    final ObjLongConsumer<Batch> accepted;
    private final Histogram writes;
    private final Histogram closes;

    /** @param accepted told of what was new in each batch when that is in the journal, and when it was, epoch ms */
    public WindowsMetrics(PrometheusRegistry registry, ObjLongConsumer<Batch> accepted) {
        this.accepted = accepted;
        entities = gauge("sonde_windows_entities", "Sources that are in memory here.", registry);
        recoveries = counter("sonde_windows_recoveries_total", "Sources started from their journals.", registry);
        passivations = counter(
                "sonde_windows_passivations_total", "Sources that had no open windows and left memory.", registry);
        open = gauge("sonde_windows_open", "Windows that may still change.", registry);
        opened = counter("sonde_windows_opened_total", "Windows that got their first event.", registry);
        published = counter("sonde_windows_published_total", "Windows handed over, each revision of each.", registry);
        revised = counter(
                "sonde_windows_revised_total",
                "Windows taken over again because events had come since, among the published.",
                registry);
        sealed = counter("sonde_windows_sealed_total", "Windows that can change no more, forgotten.", registry);
        writes = histogram(
                "sonde_windows_journal_write_duration_seconds",
                "From deciding on a batch to having its event in the journal.",
                WRITE_SECONDS,
                registry);
        closes = histogram(
                "sonde_windows_close_duration_seconds",
                "Computing the percentiles and summaries of one source's windows that are handed over together.",
                CLOSE_SECONDS,
                registry);
    }

    void written(long nanos) {
        writes.observe(nanos / 1e9);
    }

    void closed(int windows, long nanos) {
        closes.observe(nanos / 1e9);
        published.inc(windows);
    }

    private static Gauge gauge(String name, String help, PrometheusRegistry registry) {
        return Gauge.builder().name(name).help(help).withoutExemplars().register(registry);
    }

    private static Counter counter(String name, String help, PrometheusRegistry registry) {
        return Counter.builder().name(name).help(help).withoutExemplars().register(registry);
    }

    private static Histogram histogram(String name, String help, double[] seconds, PrometheusRegistry registry) {
        return Histogram.builder()
                .name(name)
                .unit(Unit.SECONDS)
                .help(help)
                .classicOnly()
                .classicUpperBounds(seconds)
                .withoutExemplars()
                .register(registry);
    }
}
