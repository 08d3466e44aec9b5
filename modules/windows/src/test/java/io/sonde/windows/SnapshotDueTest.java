package io.sonde.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.core.Batch;
import io.sonde.core.Kind;
import io.sonde.core.Sample;
import io.sonde.core.SourceId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ObjLongConsumer;
import org.junit.jupiter.api.Test;

/** How much is written for what comes. */
class SnapshotDueTest {
    private static final Kind KIND = WindowsDomain.KIND;
    private static final SourceId SOURCE = new SourceId("default", KIND.name(), "berlin-1", 0);
    private static final int SECONDS = 1_800;
    private static final int LEAST = 100;

    private final SplittableRandom random = new SplittableRandom(1);

    @Test
    void ofMuchThatComesAboutAsMuchIsWrittenAgainAsCame() {
        assertThat(writtenAgain(50, 1_000)).isBetween(0.5, 1.6);
        assertThat(writtenAgain(5, 100)).isBetween(0.5, 1.6);
    }

    @Test
    void ofLittleThatComesASnapshotIsWrittenEveryFiftyToHundredBatches() {
        assertThat(writtenAgain(1, 10_000)).isBetween(0.15, 0.4);
    }

    @Test
    void sourcesThatBeganTogetherDoNotAllWriteTheirSnapshotsAtOnce() {
        Map<Long, Integer> bySecond = new HashMap<>();
        for (int i = 0; i < 100; i++) {
            SourceId source = new SourceId("default", KIND.name(), "berlin-" + i, 0);
            snapshots(source, 5, 1_000, 600, (windows, atMs) -> {
                windows.toSnapshot();
                bySecond.merge(atMs, 1, Integer::sum);
            });
        }

        assertThat(Collections.max(bySecond.values())).isLessThan(20);
    }

    /** Samples in snapshots for each that came, a batch every so often for half an hour. */
    private double writtenAgain(int size, long everyMs) {
        AtomicLong inSnapshots = new AtomicLong();
        snapshots(
                SOURCE,
                size,
                everyMs,
                SECONDS,
                (windows, atMs) -> inSnapshots.addAndGet(
                        Windows.fromSnapshot(SOURCE, KIND, windows.toSnapshot()).samples()));
        return inSnapshots.get() * (double) everyMs / (SECONDS * 1_000L * size);
    }

    private void snapshots(SourceId source, int size, long everyMs, int seconds, ObjLongConsumer<Windows> whenDue) {
        Windows windows = new Windows(source, KIND);
        for (long now = 0; now < seconds * 1_000L; now += everyMs) {
            for (WindowsEvent event : windows.decide(batch(source, now, size)).events()) {
                windows.apply(event);
            }
            if (now % 60_000 == 0) {
                windows.apply(windows.seal(now - 180_000));
            }
            if (windows.isSnapshotDue(LEAST)) {
                whenDue.accept(windows, now);
            }
        }
    }

    private Batch batch(SourceId source, long nowMs, int size) {
        List<Sample> samples = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            double[] values = new double[KIND.measures().size()];
            samples.add(new Sample(
                    new UUID(random.nextLong(), random.nextLong()), "t" + i % 10, nowMs, values, Sample.SUCCESS, ""));
        }
        return new Batch(source, nowMs, Map.of(), samples, false);
    }
}
