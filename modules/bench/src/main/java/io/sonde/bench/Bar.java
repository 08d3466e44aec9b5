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
    ACK_50("ack", "the same, p50", "ms", Double.NaN, Double.NaN);

    private final String row;
    private final String what;
    private final String unit;
    private final double met;
    private final double beyond;

    /** Smaller is better where {@code beyond} is smaller, or the unit is not events/s. */
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
