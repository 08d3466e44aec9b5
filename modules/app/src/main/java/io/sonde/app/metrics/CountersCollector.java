package io.sonde.app.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.sonde.core.Accounts;
import io.sonde.core.Counters;
import io.sonde.core.Refusal;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Shows what {@link Counters} and {@link Accounts} count anyway, so that nothing is counted twice. */
final class CountersCollector implements MultiCollector {
    /** Of a label whose values somebody else chooses (tenants, versions), so many are shown; the rest is one, {@value #OTHER}. */
    static final int MOST_VALUES = 50;

    static final String OTHER = "other";

    /**
     * A count of {@link Counters}, by one label or none.
     *
     * @param values shown from the start on, with 0
     */
    private record Count(String name, String help, @Nullable String label, List<String> values) {}

    private static final List<Count> COUNTS = List.of(
            new Count(
                    "edge_auth_failures",
                    "Requests turned away for their token.",
                    "reason",
                    List.of("missing", "malformed", "unknown", "scope", "client")),
            new Count("edge_rate_limited", "Requests answered 429.", "tenant", List.of("default")),
            new Count(
                    "edge_refused_events",
                    "Events refused, each by itself.",
                    "reason",
                    Arrays.stream(Refusal.values()).map(Refusal::code).toList()),
            new Count(
                    "edge_overload",
                    "Requests answered 503 because the node has too much in hand.",
                    "of",
                    List.of("bytes", "batches", "token")),
            new Count("edge_schema_versions", "Events read, by the version they name.", "version", List.of("1")),
            new Count(
                    "edge_unknown_fields", "Fields of events that were not understood and left out.", null, List.of()),
            new Count(
                    "otlp_taken",
                    "Spans, and points of windows, that a collector has taken.",
                    "what",
                    List.of("spans", "windows")),
            new Count(
                    "otlp_dropped",
                    "Spans, and points of windows, that a collector did not take.",
                    "what",
                    List.of("spans", "windows")),
            new Count(
                    "otlp_too_many_windows",
                    "Windows that were not sent: of a series too many, or while too many waited.",
                    null,
                    List.of()),
            new Count(
                    "windows_silent_shard",
                    "Two minutes in which a shard answered nothing while others did.",
                    null,
                    List.of()));

    private final Counters counters;
    /** By label, those that have been shown, which stay. */
    private final Map<String, Set<String>> shown = new TreeMap<>();

    CountersCollector(Counters counters) {
        this.counters = counters;
    }

    @Override
    public synchronized MetricSnapshots collect() {
        Map<String, Long> counts = counters.snapshot();
        MetricSnapshots.Builder snapshots = MetricSnapshots.builder();
        COUNTS.forEach(count -> snapshots.metricSnapshot(snapshot(count, counts)));
        return snapshots.metricSnapshot(events()).metricSnapshot(unaccounted()).build();
    }

    private CounterSnapshot snapshot(Count count, Map<String, Long> counts) {
        CounterSnapshot.Builder snapshot =
                CounterSnapshot.builder().name("sonde_" + count.name()).help(count.help());
        String name = count.name() + "_total";
        if (count.label() == null) {
            return snapshot.dataPoint(point(Labels.EMPTY, counts.getOrDefault(name, 0L)))
                    .build();
        }
        String before = name + "{" + count.label() + "=\"";
        Map<String, Long> byValue = new TreeMap<>();
        count.values().forEach(value -> byValue.put(bounded(name, value), 0L));
        counts.forEach((full, n) -> {
            if (full.startsWith(before)) {
                byValue.merge(bounded(name, full.substring(before.length(), full.length() - 2)), n, Long::sum);
            }
        });
        byValue.forEach((value, n) -> snapshot.dataPoint(point(Labels.of(count.label(), value), n)));
        return snapshot.build();
    }

    private CounterSnapshot events() {
        CounterSnapshot.Builder snapshot = CounterSnapshot.builder()
                .name("sonde_events")
                .help(
                        "What became of events; at rest, over all nodes, received is the sum of the others but redelivered.");
        Map<Labels, Long> sums = new TreeMap<>();
        for (Accounts.Balance balance : balances()) {
            for (Accounts.Entry entry : Accounts.Entry.values()) {
                Labels labels = owner(balance).add("result", entry.code());
                sums.merge(labels, balance.sums().getOrDefault(entry, 0L), Long::sum);
            }
        }
        sums.forEach((labels, sum) -> snapshot.dataPoint(point(labels, sum)));
        return snapshot.build();
    }

    private GaugeSnapshot unaccounted() {
        GaugeSnapshot.Builder snapshot = GaugeSnapshot.builder()
                .name("sonde_events_unaccounted")
                .help("Received and nothing known of it yet; over all nodes it returns to 0, or something is lost.");
        Map<Labels, Long> sums = new TreeMap<>();
        balances().forEach(balance -> sums.merge(owner(balance), balance.underWay(), Long::sum));
        sums.forEach((labels, sum) -> snapshot.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(labels)
                .value((double) sum)
                .build()));
        return snapshot.build();
    }

    private List<Accounts.Balance> balances() {
        List<Accounts.Balance> balances = counters.accounts().balances();
        return balances.isEmpty() ? List.of(new Accounts.Balance("default", "qoe", Map.of(), 0)) : balances;
    }

    /** Kinds are those of the code. */
    private Labels owner(Accounts.Balance balance) {
        return Labels.of("tenant", bounded("tenant", balance.tenant()), "kind", balance.kind());
    }

    private String bounded(String label, String value) {
        Set<String> known = shown.computeIfAbsent(label, any -> new LinkedHashSet<>());
        return known.contains(value) || (known.size() < MOST_VALUES && known.add(value)) ? value : OTHER;
    }

    private static CounterDataPointSnapshot point(Labels labels, long n) {
        return CounterDataPointSnapshot.builder()
                .labels(labels)
                .value((double) n)
                .build();
    }
}
