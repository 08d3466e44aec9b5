package io.sonde.probe;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.sonde.otlp.OtlpTracing;
import io.sonde.qoe.Stage;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** The traces that begin here: a span for a measurement that is sampled and one for each of its stages, when they were. */
final class MeasurementTraces {
    private final Optional<Tracer> tracer;
    private final Clock clock;

    MeasurementTraces(Optional<OtlpTracing> tracing, Clock clock) {
        this.tracer = tracing.map(OtlpTracing::tracer);
        this.clock = clock;
    }

    /** The {@code traceparent} of a measurement that has just ended; empty when it is not sampled. */
    Optional<String> begin(Measurement seen, UUID event, String clientId) {
        return tracer.flatMap(spans -> begin(spans, seen, event, clientId));
    }

    private Optional<String> begin(Tracer spans, Measurement seen, UUID event, String clientId) {
        Course course = seen.course();
        long zero = nowNanos() - System.nanoTime();
        Span root = spans.spanBuilder("measure")
                .setNoParent()
                .setSpanKind(SpanKind.CLIENT)
                .setStartTimestamp(zero + course.beganNanos(), TimeUnit.NANOSECONDS)
                .startSpan();
        if (!root.getSpanContext().isSampled()) {
            return Optional.empty();
        }
        root.setAttribute("url.full", seen.target())
                .setAttribute("sonde.event_id", event.toString())
                .setAttribute("sonde.client_id", clientId);
        describe(root, seen);
        Context parent = Context.root().with(root);
        for (Course.Passed passed : course.stages()) {
            stage(spans, parent, passed, zero, seen);
        }
        root.end(zero + course.endedNanos(), TimeUnit.NANOSECONDS);
        return Optional.of("00-" + root.getSpanContext().getTraceId() + "-"
                + root.getSpanContext().getSpanId() + "-01");
    }

    private static void describe(Span root, Measurement seen) {
        if (seen.address() != null) {
            root.setAttribute("network.peer.address", seen.address());
        }
        if (seen.status() != null) {
            root.setAttribute("http.response.status_code", seen.status());
        }
        StageFailed failure = seen.failure();
        if (failure != null) {
            root.setAttribute("error.type", failure.type());
            root.setStatus(StatusCode.ERROR, failure.stage() + " " + failure.type());
        }
    }

    private static void stage(Tracer spans, Context parent, Course.Passed passed, long zero, Measurement seen) {
        SpanBuilder builder = spans.spanBuilder(title(passed.stage()))
                .setParent(parent)
                .setStartTimestamp(zero + passed.beganNanos(), TimeUnit.NANOSECONDS);
        Span span = builder.startSpan();
        StageFailed failure = seen.failure();
        if (failure != null && failure.stage() == passed.stage()) {
            span.setAttribute("error.type", failure.type());
            span.setStatus(StatusCode.ERROR, failure.type());
        }
        span.end(zero + passed.endedNanos(), TimeUnit.NANOSECONDS);
    }

    private static String title(Stage stage) {
        return stage.name().toLowerCase(Locale.ROOT);
    }

    private long nowNanos() {
        Instant now = clock.instant();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }
}
