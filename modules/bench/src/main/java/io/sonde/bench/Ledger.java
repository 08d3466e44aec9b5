package io.sonde.bench;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/**
 * What became of every event that was sent, and proof that the read side holds exactly that. At rest every {@code OK}
 * was counted once, every {@code UNKNOWN} once or not at all, and no {@code FAILED}.
 *
 * <p>Three bits an event and an entry a window: memory grows with the windows of a run and nothing else.
 */
public final class Ledger {
    private static final int MOST_DIFFERENCES = 20;

    private final Map<WindowCounts.Window, Slots> windows = new ConcurrentHashMap<>();
    private final String prefix;

    /** @param prefix how the names of all its clients begin; of nobody else's */
    public Ledger(String prefix) {
        this.prefix = prefix;
    }

    /** What an attempt came to: taken, refused for certain, or no answer that says. */
    enum Outcome {
        OK,
        FAILED,
        UNKNOWN
    }

    /** Bits by slot; what was taken once stays so, whatever a later attempt comes to. */
    private record Slots(long ok, long unknown, long failed) {
        static final Slots NONE = new Slots(0, 0, 0);

        Slots with(long slots, Outcome outcome) {
            return switch (outcome) {
                case OK -> new Slots(ok | slots, unknown & ~slots, failed & ~slots);
                case UNKNOWN -> new Slots(ok, unknown | (slots & ~ok), failed & ~slots);
                case FAILED -> new Slots(ok, unknown, failed | (slots & ~ok & ~unknown));
            };
        }
    }

    /**
     * The comparison with the read side.
     *
     * @param sent different events, the sum of {@code ok}, {@code unknown} and {@code failed}
     * @param lost of the ok, how many are not counted
     * @param doubled how often an event was counted once too often
     * @param unknownCounted of the unknown, how many are counted: any number is right
     * @param failedCounted of the failed or never sent, how many are counted
     * @param differences one line for each of the first windows that are wrong
     */
    public record Result(
            long sent,
            long ok,
            long unknown,
            long failed,
            long lost,
            long doubled,
            long unknownCounted,
            long failedCounted,
            List<String> differences) {
        public boolean right() {
            return lost == 0 && doubled == 0 && failedCounted == 0 && differences.isEmpty();
        }
    }

    /** What had been taken at some moment. */
    public record Taken(Map<String, Long> slotsByWindow) {}

    void note(List<LedgerEvent> events, Outcome outcome) {
        for (LedgerEvent event : events) {
            windows.compute(event.window(), (window, slots) -> (slots == null ? Slots.NONE : slots)
                    .with(1L << event.slot(), outcome));
        }
    }

    /** Everything that was sent, in no order. */
    List<LedgerEvent> events() {
        List<LedgerEvent> events = new ArrayList<>();
        windows.forEach((window, slots) -> {
            for (int slot = 0; slot < LedgerEvent.SLOTS; slot++) {
                if (((slots.ok() | slots.unknown() | slots.failed()) >>> slot & 1) == 1) {
                    events.add(new LedgerEvent(window, slot));
                }
            }
        });
        return events;
    }

    public Taken taken() {
        Map<String, Long> taken = new HashMap<>();
        windows.forEach((window, slots) -> taken.put(window.toString(), slots.ok()));
        return new Taken(taken);
    }

    /** How many of the events taken by some moment are not in the read side. */
    public long missing(Taken taken, DataSource database) throws SQLException {
        Map<String, Long> counted = new HashMap<>();
        new StoredWindowsTable(database, prefix)
                .read()
                .forEach((window, stored) -> counted.put(window.toString(), bits(stored.timesCounted())));
        return taken.slotsByWindow().entrySet().stream()
                .mapToLong(entry -> Long.bitCount(entry.getValue() & ~counted.getOrDefault(entry.getKey(), 0L)))
                .sum();
    }

    /** Reads the whole read side; right when everything rests. */
    public Result check(DataSource database) throws SQLException {
        return compare(new StoredWindowsTable(database, prefix).read());
    }

    Result compare(Map<WindowCounts.Window, StoredWindow> stored) {
        Set<WindowCounts.Window> all = new LinkedHashSet<>(windows.keySet());
        all.addAll(stored.keySet());
        Sums sums = new Sums();
        for (WindowCounts.Window window : all) {
            sums.add(window, windows.getOrDefault(window, Slots.NONE), stored.getOrDefault(window, StoredWindow.of(0)));
        }
        return sums.result();
    }

    private static long bits(int[] times) {
        long bits = 0;
        for (int slot = 0; slot < times.length; slot++) {
            bits |= times[slot] > 0 ? 1L << slot : 0;
        }
        return bits;
    }

    private static final class Sums {
        private final List<String> differences = new ArrayList<>();
        private long ok;
        private long unknown;
        private long failed;
        private long lost;
        private long doubled;
        private long unknownCounted;
        private long failedCounted;

        void add(WindowCounts.Window window, Slots sent, StoredWindow stored) {
            int[] times = stored.timesCounted();
            long counted = bits(times);
            long more = 0;
            for (int count : times) {
                more += Math.max(0, count - 1);
            }
            long missing = sent.ok() & ~counted;
            long wrong = counted & ~sent.ok() & ~sent.unknown();
            ok += Long.bitCount(sent.ok());
            unknown += Long.bitCount(sent.unknown());
            failed += Long.bitCount(sent.failed());
            lost += Long.bitCount(missing);
            doubled += more;
            unknownCounted += Long.bitCount(counted & sent.unknown());
            failedCounted += Long.bitCount(wrong);
            StoredWindow reference = StoredWindow.of(counted);
            if ((missing != 0 || wrong != 0 || !stored.equals(reference)) && differences.size() < MOST_DIFFERENCES) {
                differences.add(window + ": lost " + slots(missing) + ", not taken and counted " + slots(wrong)
                        + (stored.equals(reference) ? "" : ", stored " + stored + " instead of " + reference));
            }
        }

        Result result() {
            return new Result(
                    ok + unknown + failed,
                    ok,
                    unknown,
                    failed,
                    lost,
                    doubled,
                    unknownCounted,
                    failedCounted,
                    List.copyOf(differences));
        }

        private static String slots(long bits) {
            List<Integer> slots = new ArrayList<>();
            for (long rest = bits; rest != 0; rest &= rest - 1) {
                slots.add(Long.numberOfTrailingZeros(rest));
            }
            return slots.toString();
        }
    }
}
