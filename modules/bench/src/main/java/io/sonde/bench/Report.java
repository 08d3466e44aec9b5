package io.sonde.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** An outcome as a table to read. */
record Report(LoadRun.Outcome outcome) {
    private static final int MOST_DIFFERENCES = 10;
    private static final double MICROS_PER_MS = 1_000;

    String text() {
        StringBuilder to = new StringBuilder();
        load(to);
        speed(to);
        cost("CPU-s per million events", outcome.measuredCpu(), outcome.tally().measured(), to);
        cost(
                "  the same, whole run and check",
                outcome.wholeCpu(),
                outcome.tally().events(),
                to);
        outcome.peakMebibytes().forEach((name, mib) -> row("peak memory, " + name, mib + " MiB", to));
        check(to);
        return to.toString();
    }

    private void load(StringBuilder to) {
        LoadShape shape = outcome.shape();
        row(
                "load",
                String.format(
                        Locale.ROOT,
                        "%d clients x %d targets, %d events a request, %d %% duplicates, %d %% errors",
                        shape.clients(),
                        shape.targets(),
                        shape.batch(),
                        shape.duplicates(),
                        shape.errors()),
                to);
        row("", shape.connections() + " connections, closed loop, every event on time", to);
        row(
                "measured",
                outcome.lengths().seconds() + " s after " + outcome.lengths().warmup() + " s of warm-up",
                to);
    }

    private void speed(StringBuilder to) {
        Tally tally = outcome.tally();
        double seconds = outcome.lengths().seconds();
        row(
                "events/s acknowledged",
                String.format(
                        Locale.ROOT, "%,.0f (%,.0f new)", tally.measured() / seconds, tally.measuredNew() / seconds),
                to);
        row(
                "ack latency, ms",
                String.format(
                        Locale.ROOT,
                        "p50 %.1f  p95 %.1f  p99 %.1f  max %.1f",
                        tally.latency.getValueAtPercentile(50) / MICROS_PER_MS,
                        tally.latency.getValueAtPercentile(95) / MICROS_PER_MS,
                        tally.latency.getValueAtPercentile(99) / MICROS_PER_MS,
                        tally.latency.getMaxValue() / MICROS_PER_MS),
                to);
        if (tally.retries() > 0) {
            row("requests sent again", Long.toString(tally.retries()), to);
        }
    }

    private static void cost(String name, Map<String, Double> cpu, long events, StringBuilder to) {
        row(
                name,
                cpu.isEmpty() || events == 0
                        ? "not known: no process of this machine was named"
                        : cpu.entrySet().stream()
                                .map(process -> String.format(
                                        Locale.ROOT, "%s %.1f", process.getKey(), process.getValue() * 1e6 / events))
                                .collect(Collectors.joining("  ")),
                to);
    }

    private void check(StringBuilder to) {
        StoredCheck.Result check = outcome.check();
        String checked = String.format(Locale.ROOT, "%,d windows of %,d events", check.windows(), check.events());
        if (outcome.right()) {
            row("check", "right: " + checked + " are stored as acknowledged", to);
            row(
                    "",
                    String.format(
                            Locale.ROOT, "all seen %.1f s after the last minute's end", check.afterLastEndMs() / 1e3),
                    to);
            return;
        }
        row(
                "check",
                "WRONG: of " + checked + " " + check.differences().size() + " are not as acknowledged, "
                        + outcome.tally().wrongAnswers() + " answers do not fit",
                to);
        row(
                "",
                String.format(
                        Locale.ROOT,
                        "last looked %.1f s after the last minute's end; the number had not changed for %.1f s",
                        check.afterLastEndMs() / 1e3,
                        check.unchangedForMs() / 1e3),
                to);
        lines(outcome.tally().complaints(), to);
        lines(check.differences(), to);
    }

    private static void lines(List<String> lines, StringBuilder to) {
        lines.stream().limit(MOST_DIFFERENCES).forEach(line -> row("", line, to));
    }

    private static void row(String name, String value, StringBuilder to) {
        to.append(String.format(Locale.ROOT, "%-31s %s%n", name, value));
    }
}
