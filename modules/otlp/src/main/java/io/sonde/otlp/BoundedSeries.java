package io.sonde.otlp;

import io.sonde.core.SeriesId;
import java.util.LinkedHashMap;
import java.util.Map;

/** So many series and no more; one that is silent for ten minutes makes room. One thread uses it. */
final class BoundedSeries {
    private static final long SILENT_MS = 600_000;

    private final int most;
    /** When each was seen last, the longest silent first. */
    private final LinkedHashMap<SeriesId, Long> seen = new LinkedHashMap<>(16, 0.75f, true);

    BoundedSeries(int most) {
        this.most = most;
    }

    boolean admits(SeriesId series, long atMs) {
        if (seen.computeIfPresent(series, (any, before) -> Math.max(before, atMs)) != null) {
            return true;
        }
        if (seen.size() >= most && !makesRoom(atMs)) {
            return false;
        }
        seen.put(series, atMs);
        return true;
    }

    private boolean makesRoom(long atMs) {
        var all = seen.entrySet().iterator();
        Map.Entry<SeriesId, Long> oldest = all.next();
        if (oldest.getValue() > atMs - SILENT_MS) {
            return false;
        }
        all.remove();
        return true;
    }
}
