package io.sonde.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class EdgeMetricsTest {
    private static final Map<String, Set<String>> ROUTES = Map.of(
            "/api/v1/events", Set.of("POST"),
            "/api/v1/incidents/{id}", Set.of("GET"),
            "/api/v1/incidents/{id}/ack", Set.of("POST"));

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final EdgeMetrics metrics = new EdgeMetrics(registry, ROUTES);

    @Test
    void aPathIsShownAsThePatternItIsOf() {
        metrics.answered("POST", "/api/v1/events", 202, 1);
        metrics.answered("GET", "/api/v1/incidents/4711", 200, 1);
        metrics.answered("POST", "/api/v1/incidents/4711/ack", 204, 1);

        assertThat(requests())
                .containsExactlyInAnyOrder(
                        "POST /api/v1/events 202",
                        "GET /api/v1/incidents/{id} 200",
                        "POST /api/v1/incidents/{id}/ack 204");
    }

    @Test
    void whatNobodyKnowsIsOther() {
        metrics.answered("BREW", "/api/v1/events", 418, 1);
        metrics.answered("GET", "/etc/passwd", 404, 1);
        metrics.answered("GET", "/api/v1/incidents/a/b", 404, 1);

        assertThat(requests()).containsExactlyInAnyOrder("other /api/v1/events other", "other other 404");
    }

    @Property(tries = 500)
    void p14TheNumberOfSeriesIsBoundedWhateverIsSent(
            @ForAll List<String> methods,
            @ForAll List<String> paths,
            @ForAll @IntRange(min = 0, max = 9999) int status) {
        for (String path : paths) {
            for (String method : methods) {
                metrics.answered(method, path, status, 1);
                metrics.answered("POST", "/api/v1/incidents/" + path, status, 1);
                metrics.answered(method, "/api/v1/events", status + path.length(), 1);
            }
        }

        assertThat(requests().size() + 4 * 17).isLessThanOrEqualTo(EdgeMetrics.mostSeries(ROUTES));
        assertThat(requests()).hasSizeLessThanOrEqualTo(7 * 25);
    }

    private List<String> requests() {
        return registry.scrape().stream()
                .filter(CounterSnapshot.class::isInstance)
                .map(MetricSnapshot::getDataPoints)
                .flatMap(List::stream)
                .map(point -> point.getLabels().get("method") + " "
                        + point.getLabels().get("route") + " "
                        + point.getLabels().get("status"))
                .toList();
    }
}
