package io.sonde.otlp;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what the collector takes and what not. */
final class CountedSpans implements SpanExporter {
    private final SpanExporter exporter;
    private final Deliveries deliveries;
    private final AtomicInteger waiting;

    /** @param waiting how many spans have ended and were not handed over here yet */
    CountedSpans(SpanExporter exporter, Deliveries deliveries, AtomicInteger waiting) {
        this.exporter = exporter;
        this.deliveries = deliveries;
        this.waiting = waiting;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        int size = spans.size();
        waiting.addAndGet(-size);
        CompletableResultCode result = exporter.export(spans);
        return result.whenComplete(() -> deliveries.ended(size, result.isSuccess()));
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }
}
