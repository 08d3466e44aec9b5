package io.sonde.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sonde.core.ClosedWindows;
import io.sonde.core.Counters;
import io.sonde.core.Distribution;
import io.sonde.core.SourceId;
import io.sonde.core.Summary;
import io.sonde.core.WindowAggregate;
import io.sonde.qoe.QoeKind;
import io.sonde.testkit.OtlpReceiver;
import io.sonde.testkit.OtlpReceiver.Point;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WindowGaugesIT {
    private static final long MINUTE_MS = 1_763_632_800_000L;
    private static final String TAKEN = "otlp_taken_total{what=\"windows\"}";
    private static final String DROPPED = "otlp_dropped_total{what=\"windows\"}";

    private final Counters counters = new Counters();

    @Test
    void aWindowIsGaugesUnderTheirSemanticNamesAtTheEndOfItsMinute() throws Exception {
        try (OtlpReceiver collector = OtlpReceiver.start();
                WindowGauges gauges = start(collector, 10)) {
            gauges.accept(closed("berlin-1", 0, "https://example.org/"));
            await().until(() -> counters.count(TAKEN) > 0);

            assertThat(collector.points()).allSatisfy(point -> {
                assertThat(point.startNanos()).isEqualTo(MINUTE_MS * 1_000_000);
                assertThat(point.nanos()).isEqualTo((MINUTE_MS + 60_000) * 1_000_000);
                assertThat(point.attributes())
                        .containsEntry("client_id", "berlin-1")
                        .containsEntry("target", "https://example.org/");
            });
            assertThat(value(collector, "dns.lookup.duration", "quantile", "0.5"))
                    .isEqualTo(0.020);
            assertThat(value(collector, "http.client.request.duration", "quantile", "0.95"))
                    .isEqualTo(0.030);
            assertThat(value(collector, "sonde.window.events", "outcome", "success"))
                    .isEqualTo(3);
            assertThat(value(collector, "sonde.window.events", "outcome", "error"))
                    .isEqualTo(1);
            assertThat(collector.points())
                    .filteredOn(point -> point.name().equals("sonde.throughput"))
                    .allSatisfy(point -> assertThat(point.unit()).isEqualTo("kbit/s"));
        }
    }

    @Test
    void aSeriesTooManyIsDroppedAndCountedUntilAnotherHasBeenSilentForLong() throws Exception {
        try (OtlpReceiver collector = OtlpReceiver.start();
                WindowGauges gauges = start(collector, 5)) {
            for (int i = 0; i < 20; i++) {
                gauges.accept(closed("client-" + i, 0, "https://example.org/"));
            }
            await().until(() -> counters.count(WindowGauges.TOO_MANY) == 15 && counters.count(TAKEN) > 0);
            assertThat(clients(collector)).hasSize(5);

            gauges.accept(closed("client-19", 11, "https://example.org/"));
            await().untilAsserted(() -> assertThat(clients(collector)).contains("client-19"));
        }
    }

    @Test
    void aCollectorThatTakesNothingIsLeftAloneWithWhatItDidNotTake() throws Exception {
        try (OtlpReceiver collector = OtlpReceiver.start();
                WindowGauges gauges = start(collector, 10)) {
            collector.answers(503);
            gauges.accept(closed("berlin-1", 0, "https://example.org/"));
            await().until(() -> counters.count(DROPPED) > 0);
            collector.answers(200);
            gauges.accept(closed("berlin-1", 1, "https://example.org/"));
            await().until(() -> counters.count(TAKEN) > 0);

            assertThat(collector.points())
                    .allSatisfy(point -> assertThat(point.startNanos()).isEqualTo((MINUTE_MS + 60_000) * 1_000_000));
        }
    }

    private WindowGauges start(OtlpReceiver collector, int mostSeries) {
        return WindowGauges.start(
                new WindowGaugesSettings(collector.url(), mostSeries, Duration.ofMillis(50), Duration.ofSeconds(5)),
                List.of(QoeKind.KIND),
                "test",
                counters);
    }

    private static ClosedWindows closed(String client, int minute, String target) {
        List<Distribution> measures = new ArrayList<>();
        double[] values = {10, 20, 30};
        IntStream.range(0, QoeKind.KIND.measures().size())
                .forEach(i -> measures.add(new Distribution(3, 10, 30, 20, 30, Summary.of(values, 3))));
        long startMs = MINUTE_MS + minute * 60_000L;
        return new ClosedWindows(
                new SourceId("default", "qoe", client, 0),
                startMs,
                Map.of(),
                List.of(new WindowAggregate(target, startMs, 3, List.of(1L, 0L, 0L, 0L, 0L), Map.of(), measures)));
    }

    private static double value(OtlpReceiver collector, String name, String attribute, String is) {
        return collector.points().stream()
                .filter(point -> point.name().equals(name)
                        && is.equals(point.attributes().get(attribute)))
                .mapToDouble(Point::value)
                .findFirst()
                .orElseThrow();
    }

    private static List<String> clients(OtlpReceiver collector) {
        return collector.points().stream()
                .map(point -> point.attributes().getOrDefault("client_id", ""))
                .distinct()
                .collect(Collectors.toList());
    }
}
