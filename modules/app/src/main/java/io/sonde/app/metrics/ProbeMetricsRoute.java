package io.sonde.app.metrics;

import static org.apache.pekko.http.javadsl.server.Directives.completeWithFuture;
import static org.apache.pekko.http.javadsl.server.Directives.encodeResponseWith;
import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.reject;

import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.sonde.core.Grant;
import io.sonde.core.Scope;
import io.sonde.core.Signal;
import io.sonde.core.WindowGauge;
import io.sonde.edge.Access;
import io.sonde.views.LastQuery;
import io.sonde.views.LastWindows;
import io.sonde.views.WindowQueries;
import io.sonde.views.WindowRow;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.coding.Coder;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code GET /probe-metrics}, where it is wanted: the last closed minute of each series of the token's tenant, by the names
 * that tools of others have for such numbers. Unlike {@code /metrics} it names sources and targets, so it wants a read token,
 * has a series for each of them, and has a bound.
 */
final class ProbeMetricsRoute {
    static final String PATH = "probe-metrics";

    private final Access access;
    private final Signal signal;
    private final WindowQueries queries;
    private final MetricsSettings.Probes settings;
    private final Clock clock;

    ProbeMetricsRoute(
            Access access, Signal signal, WindowQueries queries, MetricsSettings.Probes settings, Clock clock) {
        this.access = access;
        this.signal = signal;
        this.queries = queries;
        this.settings = settings;
        this.clock = clock;
    }

    Route route() {
        return settings.served() ? path(PATH, () -> get(() -> access.require(Scope.READ, this::scrape))) : reject();
    }

    private Route scrape(Grant grant) {
        return encodeResponseWith(
                List.of(Coder.NoCoding, Coder.Gzip),
                () -> extractRequest(request -> completeWithFuture(answer(request, grant))));
    }

    /** Written on the thread that has read the rows. */
    private CompletionStage<HttpResponse> answer(HttpRequest request, Grant grant) {
        long sinceMs = clock.millis() - settings.maxAge().toMillis();
        return queries.last(new LastQuery(grant.tenant(), signal.kind().name(), sinceMs, settings.maxSeries()))
                .thenApply(last -> MetricsRoute.answer(request, snapshots(last)));
    }

    private MetricSnapshots snapshots(LastWindows last) {
        Map<String, GaugeSnapshot.Builder> byName = new LinkedHashMap<>();
        for (WindowGauge gauge : signal.gauges()) {
            GaugeSnapshot.Builder snapshot = byName.computeIfAbsent(
                    gauge.name(), name -> GaugeSnapshot.builder().name(name).help(gauge.help()));
            for (WindowRow row : last.rows()) {
                double value = gauge.value().applyAsDouble(row.aggregate());
                if (!Double.isNaN(value)) {
                    snapshot.dataPoint(GaugeDataPointSnapshot.builder()
                            .labels(labels(row, gauge))
                            .value(value)
                            .build());
                }
            }
        }
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        byName.values().forEach(snapshot -> all.metricSnapshot(snapshot.build()));
        all.metricSnapshot(leftOut(last.leftOut()));
        return all.build();
    }

    private static GaugeSnapshot leftOut(long series) {
        return GaugeSnapshot.builder()
                .name("sonde_probe_metrics_left_out_series")
                .help("Series beyond sonde.metrics.probes.max-series, which are not shown here.")
                .dataPoint(
                        GaugeDataPointSnapshot.builder().value((double) series).build())
                .build();
    }

    private static Labels labels(WindowRow row, WindowGauge gauge) {
        Labels labels = Labels.of("instance", row.aggregate().target(), "client", row.source());
        for (Map.Entry<String, String> more : gauge.labels().entrySet()) {
            labels = labels.add(more.getKey(), more.getValue());
        }
        return labels;
    }
}
