package io.sonde.bench;

import io.sonde.core.Minute;
import java.io.IOException;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.TimeUnit;

/** Waits until the stored windows are those that were acknowledged, or cannot become so any more. */
final class StoredCheck {
    /** A window is published this long after its end, not before. */
    private static final long GRACE_MS = 2_000;

    private static final long PAUSE_MS = 1_000;
    /** Looking is work for the node too: it looks for at most a fifth of the time. */
    private static final int PAUSE_PER_LOOK = 4;

    private final StoredWindows windows;
    private final int patienceSeconds;

    StoredCheck(StoredWindows windows, int patienceSeconds) {
        this.windows = windows;
        this.patienceSeconds = patienceSeconds;
    }

    /**
     * @param differences one line for each window that is wrong
     * @param afterLastEndMs when it was last looked, after the end of the last window
     * @param unchangedForMs how long before that the number of differences had been the same
     */
    record Result(int windows, long events, List<String> differences, long afterLastEndMs, long unchangedForMs) {
        boolean right() {
            return differences.isEmpty();
        }
    }

    Result await(WindowCounts acknowledged) throws IOException, InterruptedException {
        SortedSet<Long> starts = acknowledged.starts();
        long lastEnd = starts.isEmpty() ? System.currentTimeMillis() : starts.last() + Minute.LENGTH_MS;
        long deadline = lastEnd + TimeUnit.SECONDS.toMillis(patienceSeconds);
        List<String> differences = List.of();
        long changedMs = 0;
        while (true) {
            long lookMs = System.currentTimeMillis();
            WindowCounts stored = windows.read(starts);
            int before = differences.size();
            differences = acknowledged.differences(stored);
            long now = System.currentTimeMillis();
            changedMs = differences.size() == before ? changedMs : now;
            if (differences.isEmpty() || acknowledged.isExceededBy(stored) || now >= deadline) {
                return new Result(
                        acknowledged.size(),
                        acknowledged.events(),
                        differences,
                        Math.max(0, now - lastEnd),
                        now - changedMs);
            }
            pause(now - lookMs, lastEnd + GRACE_MS - now);
        }
    }

    private static void pause(long lookedMs, long untilClosedMs) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(Math.max(Math.max(PAUSE_MS, PAUSE_PER_LOOK * lookedMs), untilClosedMs));
    }
}
