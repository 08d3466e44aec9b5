package io.sonde.bench;

import java.util.Locale;

/**
 * The table, line by line: what is measured, and what it is held against. Where nothing is asked for, it is only told.
 */
enum Bar {
    DIRECT_10(
            "direct-10", "direct bus, batch 10: durable, deduplicated, in their window", "events/s", 105_000, 180_000),
    DIRECT_10_CPU("direct-10", "the same: CPU of node and PostgreSQL", "CPU-s per million", 15, 8),
    DIRECT_1("direct-1", "direct bus, batch 1", "events/s", 15_000, 30_000),
    JETSTREAM_10("jetstream-10", "JetStream bus, batch 10: taken, and recorded", "events/s", 75_000, 110_000),
    JETSTREAM_10_CPU("jetstream-10", "the same: CPU of node, PostgreSQL and NATS", "CPU-s per million", 24, Double.NaN),
    ACK("ack", "ack p99 at 2,000 events/s, batch 10, direct, from the intended time", "ms", 15, 5),
    ACK_999("ack", "the same, p99.9", "ms", Double.NaN, Double.NaN),
    ACK_50("ack", "the same, p50", "ms", Double.NaN, Double.NaN),
    LIVE("half", "event sent → counted in its open window (live), p99, at half the maximum rate", "ms", 1_000, 200),
    ROW("half", "window end → row in window_1m, p99, at half the maximum rate", "s", 10, 4),
    DISK("half", "journals and read side on disk, growth in steady state", "bytes per event", 60, 30),
    DISK_REST("half", "all tables at rest, of all that was ever sent", "bytes per event", Double.NaN, Double.NaN),
    QUERY_HOUR("half", "last hour of one series, p95, at half the maximum rate", "ms", 20, 5),
    QUERY_WORST("half", "20 worst series by p95 of the last 15 minutes, p95, at half the maximum rate", "ms", 100, 30),
    MEMORY("memory", "node memory at 20,000 events/s, most ever", "MiB", 1_024, 600),
    START("start", "sonde up from start to ready, on data that is there", "s", 8, 4),
    RECOVERY("recovery", "kill -9 at 20,000 events/s: until ready again", "s", Double.NaN, Double.NaN),
    RECOVERY_ANSWER(
            "recovery", "the same: the longest that an event waited for its answer", "s", Double.NaN, Double.NaN),
    RECOVERY_WINDOWS("recovery", "the same: last minute's end → all windows right", "s", Double.NaN, Double.NaN),
    PROBE_CPU("probe", "probe of 20 targets on the loopback: CPU of one measurement", "ms", 1, Double.NaN),
    PROBE_MEMORY("probe", "the same: most memory ever", "MiB", 100, Double.NaN);

    private final String row;
    private final String what;
    private final String unit;
    private final double met;
    private final double beyond;

    /** @param met and {@code beyond}: of events/s the least that is asked for, of all else the most; NaN for nothing */
    Bar(String row, String what, String unit, double met, double beyond) {
        this.row = row;
        this.what = what;
        this.unit = unit;
        this.met = met;
        this.beyond = beyond;
    }

    /** How the row is called that has this line, and perhaps others. */
    String row() {
        return row;
    }

    String what() {
        return what;
    }

    String unit() {
        return unit;
    }

    String met() {
        return text(met);
    }

    String beyond() {
        return text(beyond);
    }

    String verdict(double figure) {
        if (Double.isNaN(met)) {
            return "–";
        }
        return reaches(figure, beyond) ? "met, beyond" : reaches(figure, met) ? "met" : "**missed**";
    }

    private boolean reaches(double figure, double bar) {
        return isMoreBetter() ? figure >= bar : figure <= bar;
    }

    private boolean isMoreBetter() {
        return unit.equals("events/s");
    }

    private String text(double bar) {
        return Double.isNaN(bar) ? "–" : (isMoreBetter() ? "≥ " : "≤ ") + String.format(Locale.ROOT, "%,.0f", bar);
    }
}
