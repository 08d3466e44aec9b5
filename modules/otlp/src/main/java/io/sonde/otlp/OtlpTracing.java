package io.sonde.otlp;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.sonde.core.Counters;
import io.sonde.core.TraceContext;
import io.sonde.core.Tracing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Spans by the OpenTelemetry SDK, in batches to a collector; what it does not take is dropped and counted. */
public final class OtlpTracing implements Tracing, AutoCloseable {
    /** Spans that wait for the collector; more are dropped. */
    private static final int QUEUE = 4_096;

    private static final int BATCH = 512;
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final SdkTracerProvider provider;
    private final Tracer tracer;
    private final boolean beginsOwn;

    private OtlpTracing(SdkTracerProvider provider, boolean beginsOwn) {
        this.provider = provider;
        this.tracer = provider.get("io.sonde");
        this.beginsOwn = beginsOwn;
    }

    /**
     * @param settings of which {@link TracingSettings#isOn()}
     * @param service what this process is ({@code sonde}, {@code sonde-probe})
     * @param instance which of them
     * @param counters where it is counted what the collector takes and what not
     */
    public static OtlpTracing start(TracingSettings settings, String service, String instance, Counters counters) {
        // Not before the first span would this logger be there to be made say more.
        SpanStep.LOG.info("traces go to {}", settings.endpoint());
        Deliveries deliveries = new Deliveries("spans", settings.endpoint(), counters);
        AtomicInteger waiting = new AtomicInteger();
        CountedSpans spans = new CountedSpans(
                OtlpHttpSpanExporter.builder()
                        .setEndpoint(TracingSettings.path(settings.endpoint(), "traces"))
                        .setTimeout(settings.timeout())
                        .setConnectTimeout(settings.timeout())
                        .setRetryPolicy(null)
                        .setCompression("gzip")
                        .build(),
                deliveries,
                waiting);
        SdkTracerProvider provider = SdkTracerProvider.builder()
                .setResource(resource(service, instance))
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(settings.ratio())))
                .addSpanProcessor(new BoundedSpans(
                        BatchSpanProcessor.builder(spans)
                                .setMaxQueueSize(QUEUE)
                                .setMaxExportBatchSize(BATCH)
                                .setScheduleDelay(EVERY)
                                .setExporterTimeout(settings.timeout())
                                .build(),
                        QUEUE,
                        waiting,
                        deliveries))
                .build();
        return new OtlpTracing(provider, settings.ratio() > 0);
    }

    static Resource resource(String service, String instance) {
        return Resource.getDefault()
                .merge(Resource.create(Attributes.builder()
                        .put("service.name", service)
                        .put("service.namespace", "sonde")
                        .put("service.instance.id", instance)
                        .build()));
    }

    /** For spans that are no {@link Hop}. */
    public Tracer tracer() {
        return tracer;
    }

    @Override
    public Step begin(Hop hop, List<TraceContext> parents, long beganNanos) {
        if (parents.isEmpty()) {
            return Tracing.NONE;
        }
        List<Span> begun = new ArrayList<>(parents.size());
        for (TraceContext parent : parents) {
            begun.add(begin(hop, remote(parent), beganNanos));
        }
        return new SpanStep(begun);
    }

    @Override
    public Step beginOwn(Hop hop, long beganNanos) {
        if (!beginsOwn) {
            return Tracing.NONE;
        }
        Span span = begin(hop, Context.root(), beganNanos);
        return span.getSpanContext().isSampled() ? new SpanStep(List.of(span)) : Tracing.NONE;
    }

    private Span begin(Hop hop, Context parent, long beganNanos) {
        SpanBuilder span = tracer.spanBuilder(hop.title()).setParent(parent).setSpanKind(kind(hop));
        if (beganNanos != 0) {
            long agoNanos = System.nanoTime() - beganNanos;
            span.setStartTimestamp(nowNanos() - agoNanos, TimeUnit.NANOSECONDS);
        }
        return span.startSpan();
    }

    private static long nowNanos() {
        Instant now = Instant.now();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }

    /** That the span is of this process makes no difference to whoever reads the trace. */
    private static Context remote(TraceContext context) {
        return Context.root()
                .with(Span.wrap(SpanContext.createFromRemoteParent(
                        context.traceId(), context.spanId(), TraceFlags.getSampled(), TraceState.getDefault())));
    }

    private static SpanKind kind(Hop hop) {
        return switch (hop) {
            case EDGE -> SpanKind.SERVER;
            case PUBLISH -> SpanKind.PRODUCER;
            case CONSUME -> SpanKind.CONSUMER;
            case RECORD, CLOSE, DIAGNOSE -> SpanKind.INTERNAL;
            case SEND, JOURNAL_SAMPLES, JOURNAL_WINDOWS, PROJECT -> SpanKind.CLIENT;
        };
    }

    /** Sends what waits, as far as that takes no longer than two seconds. */
    @Override
    public void close() {
        var unused = provider.shutdown().join(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
    }
}
