package io.sonde.otlp;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.resources.Resource;
import io.sonde.core.ClosedWindows;
import io.sonde.core.Counters;
import io.sonde.core.Distribution;
import io.sonde.core.Kind;
import io.sonde.core.Measure;
import io.sonde.core.Minute;
import io.sonde.core.WindowAggregate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Windows as gauges for a backend that speaks OTLP: of each measure the two percentiles, and how many events there were, at
 * the end of the window's minute. A series too many, and what the collector does not take, is dropped and counted.
 */
public final class WindowGauges implements Consumer<ClosedWindows>, AutoCloseable {
    /** That of counts; the percentiles' are their measures'. */
    static final String EVENTS = "sonde.window.events";

    static final String TOO_MANY = "otlp_too_many_windows_total";

    /** Closed windows of a source and minute that wait to be sent; more are dropped. */
    private static final int QUEUE = 10_000;

    private static final AttributeKey<String> QUANTILE = AttributeKey.stringKey("quantile");
    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("outcome");
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final BlockingQueue<ClosedWindows> waiting = new ArrayBlockingQueue<>(QUEUE);
    private final Map<String, Kind> kinds;
    private final WindowGaugesSettings settings;
    private final OtlpHttpMetricExporter exporter;
    private final Resource resource;
    private final BoundedSeries series;
    private final Deliveries deliveries;
    private final Counters counters;
    private final ScheduledExecutorService thread;

    private WindowGauges(List<Kind> kinds, WindowGaugesSettings settings, Resource resource, Counters counters) {
        this.kinds = kinds.stream().collect(Collectors.toMap(Kind::name, Function.identity()));
        this.settings = settings;
        this.resource = resource;
        this.series = new BoundedSeries(settings.mostSeries());
        this.counters = counters;
        this.deliveries = new Deliveries("windows", settings.endpoint(), counters);
        this.exporter = OtlpHttpMetricExporter.builder()
                .setEndpoint(TracingSettings.path(settings.endpoint(), "metrics"))
                .setTimeout(settings.timeout())
                .setConnectTimeout(settings.timeout())
                .setRetryPolicy(null)
                .setCompression("gzip")
                .build();
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "otlp-windows");
            made.setDaemon(true);
            return made;
        });
    }

    /** @param settings of which {@link WindowGaugesSettings#isOn()} */
    public static WindowGauges start(
            WindowGaugesSettings settings, List<Kind> kinds, String instance, Counters counters) {
        WindowGauges gauges = new WindowGauges(kinds, settings, OtlpTracing.resource("sonde", instance), counters);
        long everyMs = settings.every().toMillis();
        var unused = gauges.thread.scheduleWithFixedDelay(gauges::send, everyMs, everyMs, TimeUnit.MILLISECONDS);
        return gauges;
    }

    /** Never waits. */
    @Override
    public void accept(ClosedWindows closed) {
        if (!waiting.offer(closed)) {
            counters.add(TOO_MANY, closed.windows().size());
        }
    }

    private void send() {
        List<ClosedWindows> closed = new ArrayList<>();
        waiting.drainTo(closed);
        Map<String, Points> byName = new LinkedHashMap<>();
        closed.forEach(windows -> add(windows, byName));
        if (byName.isEmpty()) {
            return;
        }
        List<MetricData> metrics = new ArrayList<>();
        byName.forEach((name, points) -> metrics.add(new Gauge(resource, name, points.unit(), points.all())));
        int size =
                byName.values().stream().mapToInt(points -> points.all().size()).sum();
        CompletableResultCode result = exporter.export(metrics)
                .join(settings.timeout().plus(LAST_WORDS).toMillis(), TimeUnit.MILLISECONDS);
        deliveries.ended(size, result.isSuccess());
    }

    private record Points(String unit, List<DoublePointData> all) {}

    private void add(ClosedWindows closed, Map<String, Points> to) {
        Kind kind = kinds.get(closed.source().kind());
        if (kind == null) {
            return;
        }
        for (WindowAggregate window : closed.windows()) {
            if (series.admits(closed.source().series(window.target()), closed.startMs())) {
                add(kind, attributes(kind, closed, window), window, to);
            } else {
                counters.increment(TOO_MANY);
            }
        }
    }

    private static Attributes attributes(Kind kind, ClosedWindows closed, WindowAggregate window) {
        return Attributes.builder()
                .put("tenant", closed.source().tenant())
                .put(kind.sourceField(), closed.source().source())
                .put("target", window.target())
                .build();
    }

    private static void add(Kind kind, Attributes of, WindowAggregate window, Map<String, Points> to) {
        point(to, EVENTS, "{event}", window, with(of, OUTCOME, "success"), (double) window.success());
        point(to, EVENTS, "{event}", window, with(of, OUTCOME, "error"), (double) window.error());
        int known = Math.min(kind.measures().size(), window.measures().size());
        for (int i = 0; i < known; i++) {
            Measure measure = kind.measures().get(i);
            Distribution seen = window.measures().get(i);
            if (seen.count() > 0) {
                boolean time = measure.unit().equals("ms");
                double scale = time ? 1e-3 : 1;
                String unit = time ? "s" : measure.unit();
                String name = measure.metric(kind.name());
                point(to, name, unit, window, with(of, QUANTILE, "0.5"), seen.p50() * scale);
                point(to, name, unit, window, with(of, QUANTILE, "0.95"), seen.p95() * scale);
            }
        }
    }

    private static Attributes with(Attributes of, AttributeKey<String> key, String value) {
        return of.toBuilder().put(key, value).build();
    }

    private static void point(
            Map<String, Points> to, String name, String unit, WindowAggregate window, Attributes of, double value) {
        to.computeIfAbsent(name, any -> new Points(unit, new ArrayList<>()))
                .all()
                .add(DoublePointData.create(
                        TimeUnit.MILLISECONDS.toNanos(window.startMs()),
                        TimeUnit.MILLISECONDS.toNanos(Minute.endOf(window.startMs())),
                        of,
                        value,
                        List.of()));
    }

    /** Sends what waits, as far as that takes no longer than it may. */
    @Override
    public void close() {
        thread.execute(this::send);
        thread.shutdown();
        try {
            if (!thread.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        var unused = exporter.shutdown();
    }
}
