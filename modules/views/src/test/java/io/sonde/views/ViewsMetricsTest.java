package io.sonde.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import org.junit.jupiter.api.Test;

class ViewsMetricsTest {
    @Test
    void windowsOfARebuildAreNoDelays() {
        PrometheusRegistry registry = new PrometheusRegistry();
        ViewsMetrics metrics = new ViewsMetrics(registry);

        metrics.visible(4_000);
        metrics.visible(3_600_000);
        metrics.visible(3_600_001);
        metrics.visible(90L * 86_400_000);

        assertThat(registry.scrape("sonde_windows_row_delay_seconds"::equals))
                .singleElement()
                .satisfies(found -> assertThat(((HistogramSnapshot) found)
                                .getDataPoints()
                                .get(0)
                                .getSum())
                        .isEqualTo(3_604));
    }
}
