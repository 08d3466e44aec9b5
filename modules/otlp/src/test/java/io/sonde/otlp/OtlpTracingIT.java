package io.sonde.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.sonde.core.Counters;
import io.sonde.core.TraceContext;
import io.sonde.core.Tracing;
import io.sonde.core.Tracing.Hop;
import io.sonde.core.Tracing.Step;
import io.sonde.testkit.OtlpReceiver;
import io.sonde.testkit.OtlpReceiver.Span;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class OtlpTracingIT {
    private static final TraceContext PARENT = new TraceContext(0x4bf92f3577b34da6L, 0xa3ce929d0e0e4736L, 0xf067aa0bL);

    private final Counters counters = new Counters();

    @Test
    void aStepIsASpanInEachOfItsTraces() throws Exception {
        TraceContext other = new TraceContext(1, 2, 3);
        try (OtlpReceiver collector = OtlpReceiver.start();
                OtlpTracing tracing = start(collector.url(), 0)) {
            Step step = tracing.begin(Hop.RECORD, List.of(PARENT, other));
            step.say("sonde.accepted", 3);
            tracing.begin(Hop.JOURNAL_SAMPLES, step.contexts()).failed("no room");
            step.end();
            await().untilAsserted(() -> assertThat(collector.spans()).hasSize(4));

            List<Span> ours = collector.traces().getOrDefault(PARENT.traceId(), List.of());
            Span record = named(ours, "windows record");
            assertThat(record.parentId()).isEqualTo(PARENT.spanId());
            assertThat(record.attributes()).containsEntry("sonde.accepted", "3");
            assertThat(named(ours, "journal samples").parentId()).isEqualTo(record.spanId());
            assertThat(named(ours, "journal samples").failed()).isTrue();
            assertThat(collector.traces()).containsKey(other.traceId());
            await().until(() -> counters.count("otlp_taken_total{what=\"spans\"}") == 4);
        }
    }

    @Test
    void aStepThatBeganBeforeItWasKnownWhoseItIsHasItsOwnTimes() throws Exception {
        try (OtlpReceiver collector = OtlpReceiver.start();
                OtlpTracing tracing = start(collector.url(), 0)) {
            tracing.begin(Hop.EDGE, List.of(PARENT), System.nanoTime() - 2_000_000_000L)
                    .end();
            await().until(() -> !collector.spans().isEmpty());

            Span span = collector.spans().get(0);
            assertThat(span.endNanos() - span.startNanos()).isBetween(1_900_000_000L, 20_000_000_000L);
        }
    }

    @Test
    void asManyRequestsBeginATraceAsAreToAndNoneWithoutARatio() {
        try (OtlpTracing none = start("http://127.0.0.1:9", 0);
                OtlpTracing half = start("http://127.0.0.1:9", 0.5)) {
            int begun = 0;
            for (int i = 0; i < 1_000; i++) {
                begun += half.beginOwn(Hop.EDGE, 0).contexts().size();
                assertThat(none.beginOwn(Hop.EDGE, 0)).isSameAs(Tracing.NONE);
            }

            assertThat(begun).isBetween(400, 600);
        }
    }

    @Test
    void aCollectorThatIsAwayCostsTheSpansAndOneLineAndNoTime() throws Exception {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0)) {
            nobody = socket.getLocalPort();
        }
        var log = (Logger) LoggerFactory.getLogger(Deliveries.class);
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        log.addAppender(lines);
        try (OtlpTracing tracing = start("http://127.0.0.1:" + nobody, 0)) {
            long began = System.nanoTime();
            for (int i = 0; i < 20_000; i++) {
                tracing.begin(Hop.RECORD, List.of(PARENT)).end();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
            await().until(() -> counters.count("otlp_dropped_total{what=\"spans\"}") > 1_000);

            assertThat(lines.list).singleElement().satisfies(line -> assertThat(line.getFormattedMessage())
                    .contains("takes no spans"));
        } finally {
            log.detachAppender(lines);
        }
    }

    @Test
    void whatThereIsNoRoomForWhileACollectorDoesNotAnswerIsCounted() throws Exception {
        try (ServerSocket silent = new ServerSocket(0);
                OtlpTracing tracing = start("http://127.0.0.1:" + silent.getLocalPort(), 0)) {
            for (int i = 0; i < 6_000; i++) {
                tracing.begin(Hop.RECORD, List.of(PARENT)).end();
            }

            assertThat(counters.count("otlp_dropped_total{what=\"spans\"}"))
                    .as("4,096 wait, and one batch of 512 is on its way")
                    .isBetween(6_000L - 4_096 - 512, 6_000L - 4_096);
        }
    }

    @Test
    void onDemandEachStepOfATraceIsALineThatNamesIt() {
        var log = (Logger) LoggerFactory.getLogger(SpanStep.class);
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        try (OtlpTracing tracing = start("http://127.0.0.1:9", 0)) {
            log.addAppender(lines);
            log.setLevel(Level.INFO);
            tracing.begin(Hop.RECORD, List.of(PARENT)).end();
            assertThat(lines.list).isEmpty();
            log.setLevel(Level.DEBUG);

            Step step = tracing.begin(Hop.RECORD, List.of(PARENT));
            step.say("sonde.source", "berlin-1");
            step.failed("no answer");

            assertThat(lines.list).singleElement().satisfies(line -> {
                assertThat(line.getMDCPropertyMap())
                        .containsEntry("trace_id", PARENT.traceId())
                        .containsEntry("span_id", step.contexts().get(0).spanId());
                assertThat(line.getFormattedMessage())
                        .startsWith("windows record took ")
                        .contains("sonde.source=berlin-1")
                        .endsWith("ERROR no answer");
            });
        } finally {
            log.setLevel(null);
            log.detachAppender(lines);
        }
    }

    private static Span named(List<Span> spans, String name) {
        return spans.stream()
                .filter(span -> span.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private OtlpTracing start(String endpoint, double ratio) {
        return OtlpTracing.start(
                new TracingSettings(endpoint, ratio, Duration.ofSeconds(2)), "sonde", "test", counters);
    }
}
