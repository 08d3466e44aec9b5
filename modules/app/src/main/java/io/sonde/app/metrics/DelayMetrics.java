package io.sonde.app.metrics;

import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.Unit;
import io.sonde.core.Batch;
import io.sonde.core.Receipt;
import io.sonde.core.Recorder;
import io.sonde.core.Sample;
import io.sonde.core.TraceContext;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * How old events are on their way: of each batch the oldest, so that a batch costs one observation and hides nothing. Of a
 * batch that is in a trace the observation says which, as an exemplar.
 */
public final class DelayMetrics {
    private static final double[] SECONDS = {0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30, 60, 120, 180, 600, 3600};

    private final Histogram ingest;
    private final Histogram endToEnd;

    DelayMetrics(PrometheusRegistry registry) {
        ingest = histogram(
                "sonde_events_ingest_delay_seconds",
                "From measuring to receiving an event, of each batch its oldest.",
                registry);
        endToEnd = histogram(
                "sonde_events_end_to_end_delay_seconds",
                "From measuring an event to having it counted in its window, of each batch its oldest new one.",
                registry);
    }

    private static Histogram histogram(String name, String help, PrometheusRegistry registry) {
        return Histogram.builder()
                .name(name)
                .unit(Unit.SECONDS)
                .help(help)
                .classicOnly()
                .classicUpperBounds(SECONDS)
                .register(registry);
    }

    /** @param bus takes what the edge has received */
    public Recorder received(Recorder bus) {
        return new Recorder() {
            @Override
            public CompletionStage<Receipt> record(Batch batch) {
                return recordAll(List.of(batch)).get(0);
            }

            @Override
            public List<CompletionStage<Receipt>> recordAll(List<Batch> batches) {
                batches.forEach(batch -> observe(ingest, batch.recvTsMs(), batch));
                return bus.recordAll(batches);
            }
        };
    }

    /** @param accepted what was new in a batch, and is now in its windows */
    public void counted(Batch accepted, long nowMs) {
        observe(endToEnd, nowMs, accepted);
    }

    private static void observe(Histogram delays, long nowMs, Batch batch) {
        long oldestMs = Long.MAX_VALUE;
        for (Sample sample : batch.samples()) {
            oldestMs = Math.min(oldestMs, sample.tsMs());
        }
        double seconds = Math.max(0, nowMs - oldestMs) / 1e3;
        List<TraceContext> traces = batch.contexts();
        if (traces.isEmpty()) {
            delays.observe(seconds);
        } else {
            TraceContext trace = traces.get(0);
            delays.observeWithExemplar(seconds, Labels.of("trace_id", trace.traceId(), "span_id", trace.spanId()));
        }
    }
}
