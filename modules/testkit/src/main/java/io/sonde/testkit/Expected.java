package io.sonde.testkit;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What {@code agg_1m} should say of events that were sent, worked out the plain way. */
public final class Expected {
    public static final List<String> STAGES = List.of("DNS", "TCP", "TLS", "HTTP", "THROUGHPUT");
    public static final List<String> MEASURES = List.of("dns", "tcp", "tls", "ttfb", "throughput");

    private static final int TTFB = 3;

    private Expected() {}

    /** By client, target and minute: the row, column by column. */
    public static Map<String, Map<String, @Nullable Object>> rows(Collection<Sent> counted) {
        Map<UUID, Sent> distinct = new HashMap<>();
        counted.forEach(sent -> distinct.put(sent.id(), sent));
        Map<String, List<Sent>> byWindow = new TreeMap<>();
        for (Sent sent : distinct.values()) {
            long minute = sent.tsMs() - sent.tsMs() % 60_000;
            byWindow.computeIfAbsent(sent.client() + " " + sent.target() + " " + minute, any -> new ArrayList<>())
                    .add(sent);
        }
        Map<String, Map<String, @Nullable Object>> rows = new TreeMap<>();
        byWindow.forEach((window, events) -> rows.put(window, row(events)));
        return rows;
    }

    public static Map<String, @Nullable Object> totals(Map<String, Map<String, @Nullable Object>> rows) {
        Map<String, @Nullable Object> totals = new TreeMap<>();
        rows.forEach((window, row) -> totals.put(window, row.get("count_total")));
        return totals;
    }

    private static Map<String, @Nullable Object> row(List<Sent> events) {
        Map<String, @Nullable Object> row = new TreeMap<>();
        List<Sent> successes =
                events.stream().filter(sent -> sent.errorStage() == null).toList();
        row.put("count_total", (long) events.size());
        row.put("count_success", (long) successes.size());
        row.put("count_error", (long) events.size() - successes.size());
        for (String stage : STAGES) {
            row.put(
                    stage.toLowerCase(Locale.ROOT) + "_error_count",
                    events.stream()
                            .filter(sent -> stage.equals(sent.errorStage()))
                            .count());
        }
        for (int m = 0; m < MEASURES.size(); m++) {
            List<Double> values = new ArrayList<>();
            for (Sent sent : successes) {
                Double value = sent.values().get(m);
                if (value != null) {
                    values.add(value);
                }
            }
            putPercentiles(row, MEASURES.get(m), values);
        }
        List<Double> totals = new ArrayList<>();
        for (Sent sent : successes) {
            if (sent.values().get(TTFB) != null) {
                totals.add(total(sent));
            }
        }
        putPercentiles(row, "total", totals);
        return row;
    }

    private static double total(Sent sent) {
        BigDecimal sum = BigDecimal.ZERO;
        for (Double stage : sent.values().subList(0, TTFB + 1)) {
            sum = stage == null ? sum : sum.add(BigDecimal.valueOf(stage));
        }
        return sum.doubleValue();
    }

    private static void putPercentiles(Map<String, @Nullable Object> row, String measure, List<Double> values) {
        values.sort(null);
        row.put(measure + "_p50", percentile(values, 50));
        row.put(measure + "_p95", percentile(values, 95));
    }

    private static @Nullable Double percentile(List<Double> sorted, int percent) {
        return sorted.isEmpty() ? null : sorted.get((sorted.size() * percent + 99) / 100 - 1);
    }
}
