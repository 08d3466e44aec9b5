package io.sonde.bench;

import io.sonde.core.Minute;
import io.sonde.core.Sample;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * One event of a {@link Ledger}: everything of it follows from its window and its slot there, and what a window stores
 * tells which slots it counted and how often. A slot that succeeded is known by its TCP time, which the summary keeps as
 * long as a window holds no more than {@value #SLOTS}; one that failed is the only one to fail in its stage.
 */
record LedgerEvent(WindowCounts.Window window, int slot) {
    static final int SLOTS = 64;

    private static final String[] STAGES = {"DNS", "TCP", "TLS", "HTTP", "THROUGHPUT"};
    private static final int SUCCESSES = SLOTS - STAGES.length;
    private static final String[] FIELDS = {"dns_ms", "tcp_ms", "tls_ms", "http_ttfb_ms"};
    private static final int THROUGHPUT = 4;
    private static final int TCP = 1;

    /** In the order of the kind's measures. */
    static final int MEASURES = 5;

    LedgerEvent {
        if (slot < 0 || slot >= SLOTS) {
            throw new IllegalArgumentException("no slot " + slot);
        }
    }

    /** The slot that a stored TCP time stands for; empty when no event was sent with it. */
    static OptionalInt slotOfTcp(double stored) {
        int slot = (int) Math.rint(stored) - 1;
        return slot >= 0 && slot < SUCCESSES && value(TCP, slot) == stored ? OptionalInt.of(slot) : OptionalInt.empty();
    }

    /** The one slot that fails in a stage. */
    static int slotOfError(int stage) {
        return SUCCESSES + stage;
    }

    /** Index of the stage it fails in, or {@link Sample#SUCCESS}. */
    static int error(int slot) {
        return slot < SUCCESSES ? Sample.SUCCESS : slot - SUCCESSES;
    }

    /** {@code NaN} when the slot did not measure it. */
    static double value(int measure, int slot) {
        return switch (measure) {
            case 0 -> slot % 4 == 3 ? Double.NaN : (slot + 1) / 2.0;
            case TCP -> slot + 1.0;
            case 2 -> slot % 3 == 0 ? Double.NaN : 2.0 * (slot + 1);
            case 3 -> 100.0 - slot;
            case THROUGHPUT -> slot % 5 == 0 ? Double.NaN : 1_000.0 + slot * 29 % SUCCESSES;
            default -> throw new IllegalArgumentException("no measure " + measure);
        };
    }

    UUID id() {
        String name = window.client() + " " + window.target() + " " + window.startMs() + " " + slot;
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    long tsMs() {
        return window.startMs() + slot * (Minute.LENGTH_MS / SLOTS);
    }

    void writeTo(StringBuilder json) {
        json.append("{\"schema_version\":1,\"event_id\":\"").append(id());
        json.append("\",\"client_id\":\"").append(window.client());
        json.append("\",\"target\":\"").append(window.target());
        json.append("\",\"ts_ms\":").append(tsMs());
        json.append(",\"network_context\":{\"interface_type\":\"wifi\",\"vpn_enabled\":false},\"timings\":{");
        for (int i = 0; i < FIELDS.length; i++) {
            json.append(i == 0 ? "\"" : ",\"").append(FIELDS[i]).append("\":").append(number(value(i, slot)));
        }
        json.append("},\"throughput_kbps\":").append(number(value(THROUGHPUT, slot)));
        if (error(slot) != Sample.SUCCESS) {
            json.append(",\"error_stage\":\"").append(STAGES[error(slot)]).append("\",\"error_type\":\"timeout\"");
        }
        json.append('}');
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "null" : String.format(Locale.ROOT, "%.1f", value);
    }
}
