package io.sonde.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.core.Distribution;
import io.sonde.core.SourceId;
import io.sonde.core.Summary;
import io.sonde.core.WindowAggregate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;

class RollupStoreIT {
    private static final long DAY_MS = Resolution.DAY.lengthMs();
    private static final long FROM = Resolution.DAY.startOf(Given.START_MS);
    private static final String TARGET = "https://example.org/";

    @Property(tries = 100)
    void r45LongWindowsAreThoseOfAllTheirValues(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 40) int minutes,
            @ForAll @IntRange(max = 3) int rolled) {
        ReadSide readSide = Shared.READ_SIDE;
        SourceId source = new SourceId("default", "some", "s" + seed + "." + minutes + "." + rolled, 0);
        Random random = new Random(seed);
        List<WindowAggregate> windows = new ArrayList<>();
        List<double[]> values = new ArrayList<>();
        for (int i = 0; i < minutes; i++) {
            long startMs = FROM + random.nextInt(3 * 24 * 60) * 60_000L;
            if (windows.stream().noneMatch(window -> window.startMs() == startMs)) {
                values.add(Given.someValues(seed + i, random.nextInt(30)));
                windows.add(Given.window(TARGET, startMs, random.nextInt(3), values.get(values.size() - 1)));
            }
        }

        for (int i = 0; i < windows.size(); i++) {
            WindowAggregate window = windows.get(i);
            readSide.write(Given.diagnosed(source, window.startMs(), 1, window));
            if (rolled > 0 && i % rolled == 0) {
                // In the middle of the windows' time: some hours and days are over, some are not.
                readSide.rollUp(FROM + DAY_MS + 1);
            }
        }

        for (Resolution resolution : List.of(Resolution.FIVE_MINUTES, Resolution.HOUR, Resolution.DAY)) {
            List<WindowRow> rows = readSide.page(new WindowQuery(
                            new SeriesFilter("default", "some", source.source(), null),
                            resolution,
                            FROM,
                            FROM + 3 * DAY_MS,
                            null,
                            1_000))
                    .items();
            assertThat(rows.stream().map(row -> row.aggregate().startMs()))
                    .containsExactlyElementsOf(windows.stream()
                            .map(window -> resolution.startOf(window.startMs()))
                            .distinct()
                            .sorted()
                            .toList());
            rows.forEach(row -> assertIsOf(row, resolution, windows, values));
        }
    }

    @Example
    void rollingUpChangesNoAnswer() {
        ReadSide readSide = new ReadSide();
        for (int i = 0; i < 200; i++) {
            readSide.write(Given.diagnosed(TARGET + i % 3, i * 11, i % 2, Given.someValues(i, 8)));
        }
        List<List<WindowRow>> before = everything(readSide);

        int made = readSide.rollUp(FROM + 10 * DAY_MS);
        int madeAgain = readSide.rollUp(FROM + 10 * DAY_MS);

        assertThat(made).isPositive();
        assertThat(madeAgain).isZero();
        assertThat(readSide.rows("SELECT count(*) FROM rollup_due")).containsExactly("0");
        assertThat(everything(readSide)).isEqualTo(before);
    }

    @Example
    void aLateRevisionOfAMinuteIsSeenInItsHourAtOnceAndAfterTheNextRollUp() {
        ReadSide readSide = new ReadSide();
        readSide.write(Given.diagnosed(TARGET, 0, 0, 1, 2, 3));
        readSide.rollUp(FROM + 10 * DAY_MS);

        readSide.write(Given.diagnosed(TARGET, 0, 0, 1, 2, 3, 100));
        List<List<WindowRow>> atOnce = everything(readSide);
        readSide.rollUp(FROM + 10 * DAY_MS);

        assertThat(atOnce).allSatisfy(rows -> assertThat(rows).singleElement().satisfies(row -> {
            assertThat(row.aggregate().revision()).isEqualTo(4);
            assertThat(row.aggregate().measures().get(0).max()).isEqualTo(100);
        }));
        assertThat(everything(readSide)).isEqualTo(atOnce);
    }

    @Example
    void theScoreOfALongWindowIsTheMeanOfItsMinutesByTheirEvents() {
        ReadSide readSide = new ReadSide();
        readSide.write(
                Given.judged(Given.SOURCE, 1, Given.window(TARGET, Given.minute(0), 0, 1, 1, 1), Given.judgement(100)),
                Given.judged(Given.SOURCE, 1, Given.window(TARGET, Given.minute(1), 1), Given.judgement(1)),
                Given.judged(Given.SOURCE, 1, Given.window(TARGET, Given.minute(2), 9), Given.judgement(-1)),
                Given.diagnosed(TARGET, 3, 9));
        readSide.rollUp(FROM + 10 * DAY_MS);

        assertThat(readSide.rows("SELECT label, score, rules, verdicts FROM window_1h UNION ALL"
                        + " SELECT label, score, rules, verdicts FROM window_1d"))
                .containsExactly("null | 75 | null | null", "null | 75 | null | null");
        assertThat(everything(readSide)).allSatisfy(rows -> assertThat(rows)
                .filteredOn(row -> row.diagnosis().score() == 75)
                .hasSize(1));
    }

    @Example
    void hoursThatAreNotOverStayDue() {
        ReadSide readSide = new ReadSide();
        readSide.write(Given.diagnosed(TARGET, 0, 0, 1));
        long hourEnd = Resolution.HOUR.startOf(Given.minute(0)) + Resolution.HOUR.lengthMs();

        int early = readSide.rollUp(hourEnd + 179_999);
        int inTime = readSide.rollUp(hourEnd + 180_000);

        assertThat(early).isZero();
        assertThat(inTime).isEqualTo(1);
        assertThat(readSide.rows("SELECT resolution FROM rollup_due")).containsExactly("1d");
    }

    /** The writer holds its mark: a roller that ran now would take it without seeing the row it stands for. */
    @Example
    void aRollUpPassesOverMarksOfWritersThatAreNotDone() throws Exception {
        ReadSide readSide = new ReadSide();
        readSide.write(Given.diagnosed(TARGET, 0, 0, 1));
        int whileWriting;
        try (ProjectionStore writer = ProjectionStore.open(readSide.dataSource)) {
            writer.write(new ReadSideStore(10), List.of(Given.diagnosed(TARGET, 1, 0, 5)));
            whileWriting = readSide.rollUp(FROM + 10 * DAY_MS);
            writer.commit();
        }

        int after = readSide.rollUp(FROM + 10 * DAY_MS);

        assertThat(whileWriting).isZero();
        assertThat(after).isEqualTo(2);
        assertThat(readSide.rows("SELECT revision FROM window_1h")).containsExactly("2");
    }

    @Example
    void manyRollersMakeEachHourOnce() throws Exception {
        ReadSide readSide = new ReadSide();
        for (int i = 0; i < 60; i++) {
            readSide.write(Given.diagnosed(TARGET + i % 5, i * 60, 0, i));
        }
        List<Integer> made = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(4);
        for (int i = 0; i < 4; i++) {
            new Thread(() -> {
                        int one = readSide.rollUp(FROM + 10 * DAY_MS);
                        synchronized (made) {
                            made.add(one);
                        }
                        done.countDown();
                    })
                    .start();
        }

        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        readSide.rollUp(FROM + 10 * DAY_MS);

        assertThat(readSide.rows("SELECT count(*), sum(revision) FROM window_1h"))
                .containsExactly("60 | 60");
        assertThat(readSide.rows("SELECT sum(revision) FROM window_1d")).containsExactly("60");
        assertThat(readSide.rows("SELECT count(*) FROM rollup_due")).containsExactly("0");
    }

    private static List<List<WindowRow>> everything(ReadSide readSide) {
        return List.of(
                readSide.all(Resolution.HOUR, FROM, FROM + 10 * DAY_MS, 7),
                readSide.all(Resolution.DAY, FROM, FROM + 10 * DAY_MS, 2));
    }

    /** Compares with the values themselves, sorted. */
    private static void assertIsOf(
            WindowRow row, Resolution resolution, List<WindowAggregate> windows, List<double[]> values) {
        List<Double> all = new ArrayList<>();
        long errors = 0;
        for (int i = 0; i < windows.size(); i++) {
            if (resolution.startOf(windows.get(i).startMs()) == row.aggregate().startMs()) {
                Arrays.stream(values.get(i)).forEach(all::add);
                errors += windows.get(i).error();
            }
        }
        double[] sorted = all.stream().mapToDouble(value -> value).sorted().toArray();
        assertThat(row.aggregate().success()).isEqualTo(sorted.length);
        assertThat(row.aggregate().error()).isEqualTo(errors);
        Distribution measure = row.aggregate().measures().get(0);
        assertThat(measure.count()).isEqualTo(sorted.length);
        if (sorted.length > 0) {
            assertThat(measure.min()).isEqualTo(sorted[0]);
            assertThat(measure.max()).isEqualTo(sorted[sorted.length - 1]);
            assertQuantile(measure, measure.p50(), sorted, 0.5);
            assertQuantile(measure, measure.p95(), sorted, 0.95);
        }
    }

    private static void assertQuantile(Distribution measure, double observed, double[] sorted, double q) {
        double nearestRank = sorted[Summary.nearestRank(sorted.length, q)];
        if (measure.summary().exact()) {
            assertThat(observed).isEqualTo(nearestRank);
        } else {
            assertThat(observed).isCloseTo(nearestRank, error(nearestRank));
        }
    }

    private static Offset<Double> error(double of) {
        return Offset.offset(of * Summary.RELATIVE_ERROR * 1.000_001 + 1e-9);
    }

    private static final class Shared {
        private static final ReadSide READ_SIDE = new ReadSide();
    }
}
