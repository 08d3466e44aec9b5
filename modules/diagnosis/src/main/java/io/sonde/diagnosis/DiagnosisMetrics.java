package io.sonde.diagnosis;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.List;

/** What the diagnosers of this node do. */
public final class DiagnosisMetrics {
    private static final double[] SECONDS = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

    final Gauge entities;
    final Counter recoveries;
    private final CounterDataPoint healthy;
    private final CounterDataPoint limited;
    private final Histogram writes;

    public DiagnosisMetrics(PrometheusRegistry registry) {
        entities = Gauge.builder()
                .name("sonde_diagnosis_entities")
                .help("Diagnosers that are in memory here, one per source.")
                .withoutExemplars()
                .register(registry);
        recoveries = Counter.builder()
                .name("sonde_diagnosis_recoveries_total")
                .help("Diagnosers started from their journals.")
                .withoutExemplars()
                .register(registry);
        Counter judged = Counter.builder()
                .name("sonde_diagnosis_windows_total")
                .help("Windows judged, each revision of each: limited by something (a verdict holds) or not.")
                .labelNames("verdict")
                .withoutExemplars()
                .register(registry);
        healthy = judged.labelValues("none");
        limited = judged.labelValues("limited");
        writes = Histogram.builder()
                .name("sonde_diagnosis_journal_write_duration_seconds")
                .unit(Unit.SECONDS)
                .help("From judging a source's closed windows to having them in the journal.")
                .classicOnly()
                .classicUpperBounds(SECONDS)
                .withoutExemplars()
                .register(registry);
    }

    void written(List<DiagnosisEvent> events, long nanos) {
        for (DiagnosisEvent event : events) {
            writes.observe(nanos / 1e9);
            if (event instanceof DiagnosisEvent.WindowsDiagnosed diagnosed) {
                long found = diagnosed.judgements().values().stream()
                        .filter(judgement -> !judgement.verdicts().isEmpty())
                        .count();
                limited.inc(found);
                healthy.inc(diagnosed.judgements().size() - found);
            }
        }
    }
}
