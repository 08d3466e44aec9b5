package io.sonde.edge;

import static org.apache.pekko.http.javadsl.server.Directives.completeWithFuture;
import static org.apache.pekko.http.javadsl.server.Directives.mapResponse;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;
import org.junit.jupiter.api.Test;

/** An answer that comes after its time. */
class TimeoutIT {
    @Test
    void aRequestThatIsNotAnsweredInTimeIsCountedOnceAsWhatItsSenderWasTold() throws Exception {
        PrometheusRegistry registry = new PrometheusRegistry();
        EdgeMetrics metrics = new EdgeMetrics(registry, Map.of("/slow", Set.of("GET")));
        CompletableFuture<HttpResponse> late = new CompletableFuture<>();
        CountDownLatch over = new CountDownLatch(1);
        Route measured = metrics.measured(Problems.seal(path("slow", () -> completeWithFuture(late))));
        TestEdge edge = TestEdge.serving(
                mapResponse(
                        response -> {
                            over.countDown();
                            return response;
                        },
                        () -> measured),
                "sonde.edge.server.request-timeout = 100 ms");

        int told = edge.exchange(edge.request("/slow").GET().build()).statusCode();
        List<String> before = counted(registry);
        late.complete(HttpResponse.create().withStatus(202));
        assertThat(over.await(20, TimeUnit.SECONDS)).isTrue();

        assertThat(told).isEqualTo(503);
        assertThat(before).containsExactly("/slow 503 1.0");
        assertThat(counted(registry)).isEqualTo(before);
    }

    private static List<String> counted(PrometheusRegistry registry) {
        return registry.scrape().stream()
                .filter(CounterSnapshot.class::isInstance)
                .map(CounterSnapshot.class::cast)
                .flatMap(counter -> counter.getDataPoints().stream())
                .map(point ->
                        point.getLabels().get("route") + " " + point.getLabels().get("status") + " " + point.getValue())
                .toList();
    }
}
