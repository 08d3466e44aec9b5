package io.sonde.probe;

import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import io.sonde.qoe.Stage;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/** What the agent shows of itself: {@link AgentCounters} as they are, and how long the stages of its runs take. */
final class ProbeMetrics {
    /** Of reasons, which a node's answers make up, so many are shown; the rest is one, {@value #OTHER}. */
    static final int MOST_REASONS = 30;

    static final String OTHER = "other";

    private static final Set<String> RESULTS = Set.of("accepted", "duplicate", "late", "refused");
    private static final String DROPPED = "dropped_";
    private static final String RETRY = "retry_";
    private static final double[] SECONDS = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30
    };

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Map<Stage, DistributionDataPoint> stages = new EnumMap<>(Stage.class);
    private final AgentCounters counters;

    /** @param waiting how many events wait to be sent */
    ProbeMetrics(AgentCounters counters, LongSupplier waiting) {
        this.counters = counters;
        JvmMetrics.builder().register(registry);
        registerStages();
        registerRuns();
        registerEvents();
        gauge("sonde_probe_queue_events", "Events that wait to be sent.", waiting);
        gauge("sonde_probe_slowed_targets", "Targets that keep failing and are measured less often.", counters::slowed);
    }

    PrometheusRegistry registry() {
        return registry;
    }

    void ran(Course course) {
        for (Course.Passed passed : course.stages()) {
            DistributionDataPoint durations = stages.get(passed.stage());
            if (durations != null) {
                durations.observe((passed.endedNanos() - passed.beganNanos()) / 1e9);
            }
        }
    }

    private void registerStages() {
        Histogram durations = Histogram.builder()
                .name("sonde_probe_stage_duration_seconds")
                .unit(Unit.SECONDS)
                .help("How long the stages of runs took, of all targets.")
                .labelNames("stage")
                .classicOnly()
                .classicUpperBounds(SECONDS)
                .withoutExemplars()
                .register(registry);
        for (Stage stage : Stage.values()) {
            stages.put(stage, durations.labelValues(stage.name().toLowerCase(Locale.ROOT)));
        }
    }

    private void registerRuns() {
        CounterWithCallback.builder()
                .name("sonde_probe_runs_total")
                .help("Runs by what became of them; behind: started over 100 ms late, among the others.")
                .labelNames("result")
                .callback(callback -> {
                    for (AgentCounters.Runs kind : AgentCounters.Runs.values()) {
                        callback.call((double) counters.count(kind), kind.name().toLowerCase(Locale.ROOT));
                    }
                })
                .register(registry);
    }

    private void registerEvents() {
        CounterWithCallback.builder()
                .name("sonde_probe_events_total")
                .help("Events that a node has answered for.")
                .labelNames("result")
                .callback(callback -> RESULTS.forEach(result -> callback.call((double) counters.count(result), result)))
                .register(registry);
        reasons("sonde_probe_dropped_events_total", "Events given up.", DROPPED);
        reasons("sonde_probe_send_failures_total", "Requests that failed and were made again.", RETRY);
        CounterWithCallback.builder()
                .name("sonde_probe_queue_write_failures_total")
                .help("Times the disk took no events.")
                .callback(callback -> callback.call((double) counters.count("write_failed")))
                .register(registry);
    }

    private void reasons(String name, String help, String prefix) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames("reason")
                .callback(callback -> counters.reasons(prefix, MOST_REASONS, OTHER)
                        .forEach((reason, n) -> callback.call((double) n, reason)))
                .register(registry);
    }

    private void gauge(String name, String help, LongSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call((double) value.getAsLong()))
                .register(registry);
    }
}
