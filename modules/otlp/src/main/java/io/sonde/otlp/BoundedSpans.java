package io.sonde.otlp;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.util.concurrent.atomic.AtomicInteger;

/** So many spans wait to be exported, and what is more is dropped and counted: the library would drop it in silence. */
final class BoundedSpans implements SpanProcessor {
    private final SpanProcessor queue;
    private final int most;
    private final AtomicInteger waiting;
    private final Deliveries deliveries;

    /** @param waiting is made less by whoever exports */
    BoundedSpans(SpanProcessor queue, int most, AtomicInteger waiting, Deliveries deliveries) {
        this.queue = queue;
        this.most = most;
        this.waiting = waiting;
        this.deliveries = deliveries;
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
        return false;
    }

    @Override
    public void onEnd(ReadableSpan span) {
        if (waiting.incrementAndGet() > most) {
            waiting.decrementAndGet();
            deliveries.dropped();
        } else {
            queue.onEnd(span);
        }
    }

    @Override
    public boolean isEndRequired() {
        return true;
    }

    @Override
    public CompletableResultCode forceFlush() {
        return queue.forceFlush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return queue.shutdown();
    }
}
