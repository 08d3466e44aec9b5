package io.sonde.probe;

import io.sonde.qoe.Stage;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A measurement as people read it: a line per stage that happened, its time, and a bar where it lies in the whole. */
final class StageTable {
    private static final int WIDTH = 50;

    private final StringBuilder text = new StringBuilder();
    private final double totalMs;
    private double passedMs;

    private StageTable(double totalMs) {
        this.totalMs = totalMs;
    }

    static String of(Measurement seen) {
        double total = ms(seen.dnsMs()) + ms(seen.tcpMs()) + ms(seen.tlsMs()) + ms(seen.ttfbMs());
        var table = new StageTable(total);
        table.text.append(seen.target());
        if (seen.address() != null) {
            table.text.append("  at ").append(seen.address());
        }
        if (seen.status() != null) {
            table.text.append("  status ").append(seen.status());
        }
        table.text.append("\n\n");
        table.stage("DNS", "name looked up", seen.dnsMs());
        table.stage("TCP", "connected", seen.tcpMs());
        table.stage("TLS", "hands shaken", seen.tlsMs());
        table.stage("HTTP", "first byte", seen.ttfbMs());
        if (total > 0) {
            table.line("total", "", total);
        }
        table.end(seen);
        return table.text.toString();
    }

    private void stage(String stage, String what, @Nullable Double ms) {
        if (ms == null) {
            return;
        }
        line(stage, what, ms);
        int from = columns(passedMs);
        passedMs += ms;
        text.setLength(text.length() - 1);
        text.append("  |")
                .append(" ".repeat(Math.min(from, WIDTH - 1)))
                .append("#".repeat(Math.max(1, columns(passedMs) - from)))
                .append('\n');
    }

    private void line(String stage, String what, double ms) {
        text.append(String.format(Locale.ROOT, "  %-6s %-15s %10.3f ms%n", stage, what, ms));
    }

    private void end(Measurement seen) {
        if (seen.throughputKbps() != null) {
            text.append(String.format(Locale.ROOT, "  %-22s %12.1f kbit/s%n", "throughput", seen.throughputKbps()));
        }
        StageFailed failure = seen.failure();
        if (failure != null) {
            text.append(String.format("%nfailed at %s: %s (%s)%n", failure.stage(), failure.type(), failure.detail()));
            hint(failure);
        }
    }

    private void hint(StageFailed failure) {
        if (failure.stage() == Stage.TLS && failure.type().equals("cert_untrusted")) {
            text.append("When you trust its authority, give it with --ca FILE.\n");
        }
    }

    private int columns(double ms) {
        return totalMs <= 0 ? 0 : (int) Math.round(ms / totalMs * WIDTH);
    }

    private static double ms(@Nullable Double value) {
        return value == null ? 0 : value;
    }
}
