package io.sonde.otlp;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.sonde.core.TraceContext;
import io.sonde.core.Tracing;
import java.util.HexFormat;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * One span for each trace that the step is in. On demand (level DEBUG) each that ends is a line of the log, too, with what
 * was said of it and {@code trace_id} and {@code span_id} in the line's context.
 */
final class SpanStep implements Tracing.Step {
    static final Logger LOG = LoggerFactory.getLogger(SpanStep.class);

    private final List<Span> spans;
    private final List<TraceContext> contexts;

    SpanStep(List<Span> spans) {
        this.spans = spans;
        this.contexts =
                spans.stream().map(span -> context(span.getSpanContext())).toList();
    }

    static TraceContext context(SpanContext span) {
        String trace = span.getTraceId();
        return new TraceContext(
                HexFormat.fromHexDigitsToLong(trace, 0, 16),
                HexFormat.fromHexDigitsToLong(trace, 16, 32),
                HexFormat.fromHexDigitsToLong(span.getSpanId()));
    }

    @Override
    public List<TraceContext> contexts() {
        return contexts;
    }

    @Override
    public void say(String key, String value) {
        spans.forEach(span -> span.setAttribute(key, value));
    }

    @Override
    public void say(String key, long value) {
        spans.forEach(span -> span.setAttribute(key, value));
    }

    @Override
    public void end() {
        spans.forEach(Span::end);
        if (LOG.isDebugEnabled()) {
            spans.forEach(SpanStep::log);
        }
    }

    @Override
    public void failed(String why) {
        spans.forEach(span -> span.setStatus(StatusCode.ERROR, why));
        end();
    }

    private static void log(Span span) {
        if (span instanceof ReadableSpan ended) {
            SpanData said = ended.toSpanData();
            MDC.put("trace_id", said.getTraceId());
            MDC.put("span_id", said.getSpanId());
            LOG.debug(
                    "{} took {} ms {} {} {}",
                    said.getName(),
                    ended.getLatencyNanos() / 1e6,
                    said.getAttributes().asMap(),
                    said.getStatus().getStatusCode(),
                    said.getStatus().getDescription());
            MDC.remove("span_id");
            MDC.remove("trace_id");
        }
    }
}
