package io.sonde.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.core.Batch;
import io.sonde.core.Kind;
import io.sonde.core.Sample;
import io.sonde.core.SourceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** How much is written for what comes. */
class SnapshotDueTest {
    private static final Kind KIND = WindowsDomain.KIND;
    private static final SourceId SOURCE = new SourceId("default", KIND.name(), "berlin-1", 0);
    private static final int SECONDS = 1_800;
    private static final int LEAST = 100;

    private final SplittableRandom random = new SplittableRandom(1);

    @Test
    void ofMuchThatComesNoMoreIsWrittenAgainThanCame() {
        assertThat(writtenAgain(50, 1_000)).isBetween(0.5, 1.2);
        assertThat(writtenAgain(5, 100)).isBetween(0.5, 1.2);
    }

    @Test
    void ofLittleThatComesASnapshotIsWrittenEveryHundredBatches() {
        assertThat(writtenAgain(1, 10_000)).isBetween(0.15, 0.25);
    }

    /** Samples in snapshots for each that came, a batch every so often for half an hour. */
    private double writtenAgain(int size, long everyMs) {
        Windows windows = new Windows(SOURCE, KIND);
        long came = 0;
        long inSnapshots = 0;
        for (long now = 0; now < SECONDS * 1_000L; now += everyMs) {
            Windows.Decision decision = windows.decide(batch(now, size));
            for (WindowsEvent event : decision.events()) {
                windows.apply(event);
            }
            came += size;
            if (now % 60_000 == 0) {
                windows.apply(windows.seal(now - 180_000));
            }
            if (windows.isSnapshotDue(LEAST)) {
                inSnapshots +=
                        Windows.fromSnapshot(SOURCE, KIND, windows.toSnapshot()).samples();
            }
        }
        return (double) inSnapshots / came;
    }

    private Batch batch(long nowMs, int size) {
        List<Sample> samples = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            double[] values = new double[KIND.measures().size()];
            samples.add(new Sample(
                    new UUID(random.nextLong(), random.nextLong()), "t" + i % 10, nowMs, values, Sample.SUCCESS, ""));
        }
        return new Batch(SOURCE, nowMs, Map.of(), samples, false);
    }
}
