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

    private final StoredWindows windows;
    private final int patienceSeconds;

    StoredCheck(StoredWindows windows, int patienceSeconds) {
        this.windows = windows;
        this.patienceSeconds = patienceSeconds;
    }

    /**
     * @param differences one line for each window that is wrong
     * @param afterLastEndMs when it was seen to be right, after the end of the last window
     */
    record Result(int windows, long events, List<String> differences, long afterLastEndMs) {
        boolean right() {
            return differences.isEmpty();
        }
    }

    Result await(WindowCounts acknowledged) throws IOException, InterruptedException {
        SortedSet<Long> starts = acknowledged.starts();
        long lastEnd = starts.isEmpty() ? System.currentTimeMillis() : starts.last() + Minute.LENGTH_MS;
        long deadline = lastEnd + TimeUnit.SECONDS.toMillis(patienceSeconds);
        WindowCounts stored = windows.read(starts);
        while (!acknowledged.differences(stored).isEmpty()
                && !acknowledged.isExceededBy(stored)
                && System.currentTimeMillis() < deadline) {
            long untilClosed = lastEnd + GRACE_MS - System.currentTimeMillis();
            TimeUnit.MILLISECONDS.sleep(Math.max(PAUSE_MS, untilClosed));
            stored = windows.read(starts);
        }
        return new Result(
                acknowledged.size(),
                acknowledged.events(),
                acknowledged.differences(stored),
                Math.max(0, System.currentTimeMillis() - lastEnd));
    }
}
