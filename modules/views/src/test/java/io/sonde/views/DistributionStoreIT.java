package io.sonde.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sonde.core.Summary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;

/** Of what lies in the database, rolled up and not, against the values that were measured. */
class DistributionStoreIT {
    private static final String TARGET = "https://a.example/";
    private static final SeriesFilter SERIES = new SeriesFilter("default", "some", Given.SOURCE.source(), TARGET);
    private static final long DAY_MS = Duration.ofDays(1).toMillis();
    /** Every quarter of an hour for four days; the last day is not rolled up. */
    private static final int WINDOWS = 4 * 96;

    private static final ReadSide READ_SIDE = filled();

    @Example
    void anHourIsMergedOfItsMinutes() {
        SeriesDistribution merged =
                merged(Given.START_MS, Given.START_MS + Duration.ofHours(1).toMillis());

        assertThat(merged.whole().total()).isEqualTo(4 * 7);
        assertThat(merged.whole().error()).isEqualTo(4 * 2);
        assertThat(merged.whole().measure().summary().exact()).isTrue();
        assertThat(merged.whole().quantile(0.5)).isEqualTo(median(0, 4));
        assertThat(merged.steps()).hasSize(4);
        assertThat(merged.steps().get(1).startMs()).isEqualTo(Given.minute(15));
        assertThat(merged.steps().get(1).quantile(0.95)).isEqualTo(max(1));
    }

    @Example
    void daysAreMergedOfHoursWhetherTheyAreRolledUpOrNot() {
        SeriesDistribution merged = merged(Given.START_MS, Given.START_MS + 4 * DAY_MS);

        assertThat(merged.whole().measure().count()).isEqualTo(WINDOWS * 5L);
        double median = median(0, WINDOWS);
        assertThat(merged.whole().quantile(0.5)).isCloseTo(median, within(median * Summary.RELATIVE_ERROR));
        assertThat(merged.steps()).hasSize(96);
        assertThat(merged.steps().get(90).quantile(0.5)).isEqualTo(median(90 * 4, 4));
    }

    @Example
    void ofALongTimeTheSamePartIsTheSame() {
        SeriesDistribution merged = merged(Given.START_MS - 200 * DAY_MS, Given.START_MS + 5 * DAY_MS);

        assertThat(merged.whole().measure().count()).isEqualTo(WINDOWS * 5L);
        double median = median(0, WINDOWS);
        assertThat(merged.whole().quantile(0.5)).isCloseTo(median, within(median * Summary.RELATIVE_ERROR));
        assertThat(merged.steps()).hasSizeBetween(4, 5);
    }

    @Example
    void whatWasNeverMeasuredHasNothing() {
        SeriesDistribution other = READ_SIDE.ask(
                DistributionStore::merged, new DistributionQuery(SERIES, 1, Given.START_MS, Given.START_MS + DAY_MS));

        assertThat(other.whole().measure().count()).isZero();
        assertThat(other.whole().total()).isEqualTo(96 * 7);
        assertThat(merged(0, DAY_MS).steps()).isEmpty();
    }

    private static SeriesDistribution merged(long fromMs, long toMs) {
        return READ_SIDE.ask(DistributionStore::merged, new DistributionQuery(SERIES, 0, fromMs, toMs));
    }

    private static double median(int first, int windows) {
        double[] all = new double[windows * 5];
        for (int i = 0; i < windows; i++) {
            System.arraycopy(values(first + i), 0, all, i * 5, 5);
        }
        Arrays.sort(all);
        return all[Summary.nearestRank(all.length, 0.5)];
    }

    private static double max(int window) {
        return Arrays.stream(values(window)).max().orElseThrow();
    }

    private static double[] values(int window) {
        return Given.someValues(window, 5);
    }

    private static ReadSide filled() {
        ReadSide readSide = new ReadSide();
        readSide.write(windows(0, 3 * 96));
        while (readSide.rollUp(Given.START_MS + 10 * DAY_MS) > 0) {}
        readSide.write(windows(3 * 96, WINDOWS));
        return readSide;
    }

    private static List<Diagnosed> windows(int from, int to) {
        List<Diagnosed> windows = new ArrayList<>();
        for (int i = from; i < to; i++) {
            windows.add(Given.diagnosed(TARGET, i * 15, 2, values(i)));
            windows.add(Given.diagnosed("https://other.example/", i * 15, 0, 1e6));
        }
        return windows;
    }
}
