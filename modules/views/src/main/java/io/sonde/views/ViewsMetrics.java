package io.sonde.views;

import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;

/** How long the read side's statements take, and how soon after its end a window can be asked for. */
public final class ViewsMetrics {
    private static final double[] STATEMENT_SECONDS = {
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5
    };
    private static final double[] ROW_SECONDS = {1, 2, 3, 4, 5, 7.5, 10, 15, 30, 60, 120, 300, 900, 3600};

    private static final long MOST_DELAY_MS = 3_600_000;

    private final Histogram statements;
    private final Histogram rows;

    public ViewsMetrics(PrometheusRegistry registry) {
        statements = histogram(
                        "sonde_statement_duration_seconds",
                        "How long PostgreSQL took for a question of the API, by its name, or for a group of windows (project).",
                        STATEMENT_SECONDS)
                .labelNames("statement")
                .register(registry);
        rows = histogram(
                        "sonde_windows_row_delay_seconds",
                        "From a window's end to its row being committed, each of a source and minute, also of later revisions.",
                        ROW_SECONDS)
                .register(registry);
    }

    /** For who has nobody to show them to. */
    static ViewsMetrics unseen() {
        return new ViewsMetrics(new PrometheusRegistry());
    }

    /** @param name one of a few */
    DistributionDataPoint statement(String name) {
        return statements.labelValues(name);
    }

    /** Older ones are those of a rebuild, or of hours without a projection: of how soon a window comes they say nothing. */
    void visible(long delayMs) {
        if (delayMs <= MOST_DELAY_MS) {
            rows.observe(delayMs / 1e3);
        }
    }

    private static Histogram.Builder histogram(String name, String help, double[] seconds) {
        Histogram.Builder histogram = Histogram.builder()
                .name(name)
                .unit(Unit.SECONDS)
                .help(help)
                .classicOnly()
                .classicUpperBounds(seconds);
        var unused = histogram.withoutExemplars();
        return histogram;
    }
}
