package io.sonde.otlp;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.sonde.core.TraceContext;
import io.sonde.core.Tracing;
import java.util.HexFormat;
import java.util.List;

/** One span for each trace that the step is in. */
final class SpanStep implements Tracing.Step {
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
    }

    @Override
    public void failed(String why) {
        spans.forEach(span -> span.setStatus(StatusCode.ERROR, why).end());
    }
}
