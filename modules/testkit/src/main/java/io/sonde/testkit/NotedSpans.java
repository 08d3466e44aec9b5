package io.sonde.testkit;

import io.sonde.core.TraceContext;
import io.sonde.core.Tracing;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Tracing that notes its spans in memory. */
public final class NotedSpans implements Tracing {
    private final List<Span> ended = new CopyOnWriteArrayList<>();
    private final AtomicLong lastId = new AtomicLong(1_000);
    private final boolean beginsOwn;

    public NotedSpans() {
        this(false);
    }

    /** @param beginsOwn whether every request that is in no trace begins one */
    public NotedSpans(boolean beginsOwn) {
        this.beginsOwn = beginsOwn;
    }

    /**
     * A span that has ended.
     *
     * @param parent 0 for a trace's first
     * @param failure null when it did not fail
     */
    public record Span(Hop hop, TraceContext context, long parent, @Nullable String failure) {}

    /** In the order in which they ended. */
    public List<Span> ended() {
        return List.copyOf(ended);
    }

    public List<Span> ended(Hop hop) {
        return ended.stream().filter(span -> span.hop() == hop).toList();
    }

    @Override
    public Step begin(Hop hop, List<TraceContext> parents, long beganNanos) {
        List<Span> spans = new ArrayList<>();
        for (TraceContext parent : parents) {
            spans.add(new Span(hop, next(parent.traceHigh(), parent.traceLow()), parent.span(), null));
        }
        return new Noting(spans);
    }

    @Override
    public Step beginOwn(Hop hop, long beganNanos) {
        return beginsOwn ? new Noting(List.of(new Span(hop, next(1, lastId.incrementAndGet()), 0, null))) : NONE;
    }

    private TraceContext next(long high, long low) {
        return new TraceContext(high, low, lastId.incrementAndGet());
    }

    private final class Noting implements Step {
        private final List<Span> spans;

        Noting(List<Span> spans) {
            this.spans = spans;
        }

        @Override
        public List<TraceContext> contexts() {
            return spans.stream().map(Span::context).toList();
        }

        @Override
        public void say(String key, String value) {}

        @Override
        public void say(String key, long value) {}

        @Override
        public void end() {
            ended.addAll(spans);
        }

        @Override
        public void failed(String why) {
            spans.forEach(span -> ended.add(new Span(span.hop(), span.context(), span.parent(), why)));
        }
    }
}
