package io.sonde.views;

import io.sonde.core.SketchBin;
import io.sonde.core.Summary;
import java.util.Arrays;
import java.util.List;

/**
 * The tails of one series' windows at a time. What is below a tail is at most its lowest value: with that the p95 of all
 * values is at most the bound above, without it at least the bound below.
 */
final class SeriesTails {
    private static final double P95 = 0.95;
    /** Ranks of whole values are a quarter apart from where they are looked for; fractions may be off by rounding. */
    private static final double ROUNDING = 0.01;

    private final List<MinuteTails> minutes;
    private final MinuteTails[] tails;
    private final int[] windows;
    private long series;
    private int size;
    private long count;

    SeriesTails(List<MinuteTails> minutes) {
        this.minutes = minutes;
        tails = new MinuteTails[minutes.size()];
        windows = new int[minutes.size()];
    }

    void to(long wanted) {
        series = wanted;
        size = 0;
        count = 0;
        for (MinuteTails minute : minutes) {
            int window = minute.find(wanted);
            if (minute.series(window) == wanted) {
                tails[size] = minute;
                windows[size++] = window;
                count += minute.count(window);
            }
        }
    }

    long series() {
        return series;
    }

    private boolean isExact() {
        return count <= Summary.EXACT_UP_TO;
    }

    /** What the p95 of the merged windows is at most. */
    double highest() {
        double value = TailFormat.highest(atP95(true));
        if (isExact()) {
            return value;
        }
        SketchBin bin = SketchBin.of(value);
        // What a sketch answers is kept within lowest and highest value of all.
        return SketchBin.of(TailFormat.highest(lowestKept())).value() < bin.value() ? bin.value() : bin.highest();
    }

    /** What the p95 of the merged windows is at least. */
    double lowest() {
        double value = TailFormat.lowest(atP95(false));
        if (isExact()) {
            return value;
        }
        SketchBin bin = SketchBin.of(value);
        return SketchBin.of(TailFormat.lowest(highestKept())).value() > bin.value() ? bin.value() : bin.lowest();
    }

    /** How many values there are from the highest down to the nearest rank, by a fraction less or more to be sure. */
    static double down(long count, boolean less) {
        int all = (int) count;
        return all - Summary.nearestRank(all, P95) - 0.25 + (less ? -ROUNDING : ROUNDING);
    }

    /**
     * Goes down over all tails at once to the nearest rank.
     *
     * @param whole whether the values below each tail are taken to be as high as they can be, or left out
     */
    private long atP95(boolean whole) {
        double down = down(count, whole);
        int[] at = new int[size];
        Arrays.setAll(at, i -> tails[i].begin(windows[i]));
        double passed = 0;
        while (true) {
            int highest = highestOf(at, whole);
            if (highest < 0) {
                return lowestKept();
            }
            MinuteTails of = tails[highest];
            int end = of.end(windows[highest]);
            passed += at[highest] < end ? of.weight(at[highest]) : rest(highest);
            if (passed >= down) {
                return of.units(Math.min(at[highest], end - 1));
            }
            at[highest]++;
        }
    }

    /** The window whose next value is the highest; -1 when there is none left. */
    private int highestOf(int[] at, boolean whole) {
        int highest = -1;
        long value = Long.MIN_VALUE;
        for (int i = 0; i < size; i++) {
            int end = tails[i].end(windows[i]);
            if (at[i] < end || (whole && at[i] == end)) {
                long units = tails[i].units(Math.min(at[i], end - 1));
                if (units > value || highest < 0) {
                    highest = i;
                    value = units;
                }
            }
        }
        return highest;
    }

    private double rest(int i) {
        double kept = 0;
        for (int at = tails[i].begin(windows[i]); at < tails[i].end(windows[i]); at++) {
            kept += tails[i].weight(at);
        }
        return Math.max(0, tails[i].count(windows[i]) - kept);
    }

    private long highestKept() {
        long highest = Long.MIN_VALUE;
        for (int i = 0; i < size; i++) {
            highest = Math.max(highest, tails[i].highest(windows[i]));
        }
        return highest;
    }

    private long lowestKept() {
        long lowest = Long.MAX_VALUE;
        for (int i = 0; i < size; i++) {
            lowest = Math.min(lowest, tails[i].lowest(windows[i]));
        }
        return lowest;
    }
}
