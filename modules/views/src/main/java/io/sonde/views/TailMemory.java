package io.sonde.views;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Minutes of tails that were read, up to so many bytes; what nobody asked for the longest goes first. */
final class TailMemory {
    /** What a minute takes beside its columns. */
    private static final long EACH = 512;

    private static final long EACH_ROW = 40;

    private final long mostBytes;
    private final Map<Key, Minute> minutes = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    TailMemory(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** Of what tails are. */
    record Key(String tenant, String kind, int measure, long startMs) {}

    /**
     * What some rows say; rows are never changed.
     *
     * @param rows their numbers
     */
    record Minute(Set<Long> rows, MinuteTails tails) {
        static final Minute NOTHING = new Minute(Set.of(), MinuteTails.EMPTY);

        Minute {
            rows = Set.copyOf(rows);
        }

        long bytes() {
            return EACH + EACH_ROW * rows.size() + tails.bytes();
        }
    }

    synchronized Minute get(Key of) {
        return minutes.getOrDefault(of, Minute.NOTHING);
    }

    synchronized void put(Key of, Minute minute) {
        Minute before = minutes.put(of, minute);
        bytes += minute.bytes() - (before == null ? 0 : before.bytes());
        for (Iterator<Minute> eldest = minutes.values().iterator(); bytes > mostBytes; eldest.remove()) {
            bytes -= eldest.next().bytes();
        }
    }

    synchronized long bytes() {
        return bytes;
    }
}
