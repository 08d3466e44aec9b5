package io.sonde.bench;

import io.sonde.core.Minute;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A request of one client, rendered once: each time it is sent, new ids and times are written into it. An event whose id
 * and time are left as they were is the same event again.
 */
final class RenderedRequest {
    private static final int TIME_DIGITS = 13;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    /** Half of what is on time: whatever the node needs to take it, it is not late. */
    private static final long REPEATED_WITHIN_MS = 60_000;

    private final String client;
    private final byte[] bytes;
    private final int bodyAt;
    private final List<Slot> slots;
    private int repeated;

    private RenderedRequest(String client, byte[] bytes, int bodyAt, List<Slot> slots) {
        this.client = client;
        this.bytes = bytes;
        this.bodyAt = bodyAt;
        this.slots = slots;
    }

    /** Where an event lies in the bytes, which one lies there now, and how many of its minute did before. */
    private static final class Slot {
        private final String target;
        private final int error;
        private final Dialect.Places places;
        private long tsMs;
        private boolean repeated;
        private long startMs;
        private int counted;

        Slot(String target, int error, Dialect.Places places) {
            this.target = target;
            this.error = error;
            this.places = places;
        }
    }

    static RenderedRequest render(
            Dialect dialect, URI server, String client, int body, LoadShape shape, SplittableRandom random) {
        StringBuilder events = new StringBuilder(shape.batch() * 360).append(dialect.begin());
        List<Slot> slots = new ArrayList<>(shape.batch());
        for (int i = 0; i < shape.batch(); i++) {
            String target = shape.target((body * shape.batch() + i) % shape.targets());
            MadeUpEvent event = MadeUpEvent.of(client, target, shape.errors(), random);
            events.append(i == 0 ? "" : dialect.between());
            slots.add(new Slot(target, event.error(), dialect.append(event, events)));
        }
        events.append(dialect.end());
        String head = dialect.head(server) + "Content-Length: " + events.length() + "\r\n\r\n";
        List<Slot> placed = slots.stream()
                .map(slot -> new Slot(slot.target, slot.error, slot.places.after(head.length())))
                .toList();
        return new RenderedRequest(client, (head + events).getBytes(StandardCharsets.US_ASCII), head.length(), placed);
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
                if (slot.places.idAt() >= 0) {
                    writeId(random.nextLong(), random.nextLong(), slot.places.idAt());
                }
                writeTime(nowMs, slot.places.timeAt());
            }
        }
    }

    /** HTTP head and body; changed by {@link #next}. */
    byte[] bytes() {
        return bytes;
    }

    int bodyAt() {
        return bodyAt;
    }

    int size() {
        return slots.size();
    }

    /** How many of its events were sent before. */
    int repeated() {
        return repeated;
    }

    /** Counts its events, those that were sent before excepted: here, and in {@code counts} once a minute. */
    void count(WindowCounts counts) {
        for (Slot slot : slots) {
            if (!slot.repeated) {
                long startMs = Minute.startOf(slot.tsMs);
                if (slot.startMs != startMs) {
                    flush(slot, counts);
                    slot.startMs = startMs;
                }
                slot.counted++;
            }
        }
    }

    /** Moves what is counted here into {@code counts}. */
    void flush(WindowCounts counts) {
        slots.forEach(slot -> flush(slot, counts));
    }

    private void flush(Slot slot, WindowCounts counts) {
        if (slot.counted > 0) {
            counts.count(new WindowCounts.Window(client, slot.target, slot.startMs), slot.error, slot.counted);
            slot.counted = 0;
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
        for (int position = at + TIME_DIGITS - 1; position >= at; position--) {
            bytes[position] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }
}
