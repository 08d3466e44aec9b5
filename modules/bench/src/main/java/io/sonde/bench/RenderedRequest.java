package io.sonde.bench;

import io.sonde.core.Sample;
import io.sonde.qoe.QoeKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * A request of one client, rendered once: each time it is sent, new ids and times are written into it. An event whose id
 * and time are left as they were is the same event again.
 */
final class RenderedRequest {
    private static final String NO_ID = "00000000-0000-0000-0000-000000000000";
    private static final String NO_TIME = "0000000000000";
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    /** Half of what is on time: whatever the node needs to take it, it is not late. */
    private static final long REPEATED_WITHIN_MS = 60_000;

    private final String client;
    private final byte[] bytes;
    private final List<Slot> slots;
    private int repeated;

    private RenderedRequest(String client, byte[] bytes, List<Slot> slots) {
        this.client = client;
        this.bytes = bytes;
        this.slots = slots;
    }

    /** Where an event lies in the bytes, and which one lies there now. */
    private static final class Slot {
        private final String target;
        private final int error;
        private final int idAt;
        private final int timeAt;
        private long tsMs;
        private boolean repeated;

        Slot(String target, int error, int idAt, int timeAt) {
            this.target = target;
            this.error = error;
            this.idAt = idAt;
            this.timeAt = timeAt;
        }
    }

    /** @param headers of HTTP, without the length of the body and the empty line */
    static RenderedRequest render(String headers, String client, int body, LoadShape shape, SplittableRandom random) {
        StringBuilder events = new StringBuilder(shape.batch() * 360).append('[');
        List<Slot> slots = new ArrayList<>(shape.batch());
        for (int i = 0; i < shape.batch(); i++) {
            String target = "https://target-" + (body * shape.batch() + i) % shape.targets() + ".example.org/health";
            int error = random.nextInt(100) < shape.errors()
                    ? random.nextInt(QoeKind.KIND.errorStages().size())
                    : Sample.SUCCESS;
            events.append(i == 0 ? "" : ",");
            slots.add(renderEvent(client, target, error, random, events));
        }
        events.append(']');
        String head = headers + "Content-Length: " + events.length() + "\r\n\r\n";
        List<Slot> placed = slots.stream()
                .map(slot -> new Slot(slot.target, slot.error, slot.idAt + head.length(), slot.timeAt + head.length()))
                .toList();
        return new RenderedRequest(client, (head + events).getBytes(StandardCharsets.US_ASCII), placed);
    }

    private static Slot renderEvent(
            String client, String target, int error, SplittableRandom random, StringBuilder to) {
        to.append("{\"schema_version\":1,\"event_id\":\"");
        int idAt = to.length();
        to.append(NO_ID).append("\",\"client_id\":\"").append(client);
        to.append("\",\"target\":\"").append(target).append("\",\"ts_ms\":");
        int timeAt = to.length();
        to.append(NO_TIME);
        to.append(",\"network_context\":{\"interface_type\":\"wifi\",\"vpn_enabled\":false,\"user_label\":\"bench\"}");
        to.append(String.format(
                Locale.ROOT,
                ",\"timings\":{\"dns_ms\":%.3f,\"tcp_ms\":%.3f,\"tls_ms\":%.3f,\"http_ttfb_ms\":%.3f}",
                random.nextDouble(1, 30),
                random.nextDouble(5, 60),
                random.nextDouble(10, 90),
                random.nextDouble(20, 300)));
        to.append(String.format(Locale.ROOT, ",\"throughput_kbps\":%.1f", random.nextDouble(1_000, 90_000)));
        if (error != Sample.SUCCESS) {
            to.append(",\"error_stage\":\"").append(QoeKind.KIND.errorStages().get(error));
            to.append("\",\"error_type\":\"timeout\"");
        }
        to.append('}');
        return new Slot(target, error, idAt, timeAt);
    }

    /** Makes it the next to send; what lay in it must have been acknowledged, because some of it stays as it is. */
    void next(long nowMs, int duplicates, SplittableRandom random) {
        repeated = 0;
        for (Slot slot : slots) {
            slot.repeated = nowMs - slot.tsMs < REPEATED_WITHIN_MS && random.nextInt(100) < duplicates;
            if (slot.repeated) {
                repeated++;
            } else {
                slot.tsMs = nowMs;
                writeId(random.nextLong(), random.nextLong(), slot.idAt);
                writeTime(nowMs, slot.timeAt);
            }
        }
    }

    /** HTTP head and body; changed by {@link #next}. */
    byte[] bytes() {
        return bytes;
    }

    int size() {
        return slots.size();
    }

    /** How many of its events were sent before. */
    int repeated() {
        return repeated;
    }

    /** Counts its events, those that were sent before excepted. */
    void countInto(WindowCounts counts) {
        for (Slot slot : slots) {
            if (!slot.repeated) {
                counts.count(WindowCounts.Window.of(client, slot.target, slot.tsMs), slot.error);
            }
        }
    }

    private void writeId(long high, long low, int at) {
        int position = at;
        for (int digit = 0; digit < 32; digit++) {
            if (digit == 8 || digit == 12 || digit == 16 || digit == 20) {
                position++;
            }
            long half = digit < 16 ? high : low;
            bytes[position++] = HEX[(int) (half >>> (60 - 4 * (digit & 15))) & 15];
        }
    }

    private void writeTime(long tsMs, int at) {
        long rest = tsMs;
        for (int position = at + NO_TIME.length() - 1; position >= at; position--) {
            bytes[position] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }
}
