package io.sonde.views;

import io.sonde.core.SketchBin;
import io.sonde.core.Summary;
import java.util.Arrays;

/**
 * The tails of one series' windows at a time. What is below a tail is at most its lowest value: with that the p95 of all
 * values is at most the bound above, without it at least the bound below.
 */
final class SeriesTails {
    private static final double P95 = 0.95;
    /** Ranks of whole values are a quarter apart from where they are looked for; fractions may be off by rounding. */
    private static final double ROUNDING = 0.01;

    private final Tails tails;
    private int[] windows = new int[64];
    private int size;
    private long count;

    SeriesTails(Tails tails) {
        this.tails = tails;
    }

    void to(int series) {
        size = 0;
        count = 0;
        for (int window = tails.newest(series); window != Tails.NONE; window = tails.before(window)) {
            if (size == windows.length) {
                windows = Arrays.copyOf(windows, size * 2);
            }
            windows[size++] = window;
            count += tails.count(window);
        }
    }

    /** What the p95 of the merged windows is at most. */
    double highest() {
        double value = TailFormat.highest(atP95(true));
        if (count <= Summary.EXACT_UP_TO) {
            return value;
        }
        SketchBin bin = SketchBin.of(value);
        // What a sketch answers is kept within lowest and highest value of all.
        return SketchBin.of(TailFormat.highest(lowestKept())).value() < bin.value() ? bin.value() : bin.highest();
    }

    /** What the p95 of the merged windows is at least. */
    double lowest() {
        double value = TailFormat.lowest(atP95(false));
        if (count <= Summary.EXACT_UP_TO) {
            return value;
        }
        SketchBin bin = SketchBin.of(value);
        return SketchBin.of(TailFormat.lowest(highestKept())).value() > bin.value() ? bin.value() : bin.lowest();
    }

    /** Whether the p95 is below a value that no value of its bin is below; found without going down to it. */
    boolean isBelow(double limit) {
        long units = TailFormat.unitsUp(limit);
        double above = 0;
        for (int i = 0; i < size; i++) {
            int end = tails.end(windows[i]);
            int step = tails.step(windows[i]);
            int at = tails.begin(windows[i]);
            while (at < end && tails.units(at) >= units) {
                above += tails.weight(at, step);
                at += step;
            }
            if (at == end) {
                above += rest(windows[i]);
            }
        }
        return above < down(true);
    }

    /** Likewise whether it is above one that no value of its bin is above. */
    boolean isAbove(double limit) {
        long units = TailFormat.unitsUp(limit) + 1;
        double above = 0;
        for (int i = 0; i < size; i++) {
            int end = tails.end(windows[i]);
            int step = tails.step(windows[i]);
            for (int at = tails.begin(windows[i]); at < end && tails.units(at) > units; at += step) {
                above += tails.weight(at, step);
            }
        }
        return above >= down(false);
    }

    /** How many values there are from the highest down to the nearest rank, by a fraction less or more to be sure. */
    private double down(boolean less) {
        int all = (int) count;
        return all - Summary.nearestRank(all, P95) - 0.25 + (less ? -ROUNDING : ROUNDING);
    }

    /**
     * Goes down over all tails at once to the nearest rank.
     *
     * @param whole whether the values below each tail are taken to be as high as they can be, or left out
     */
    private long atP95(boolean whole) {
        double down = down(whole);
        int[] at = new int[size];
        Arrays.setAll(at, i -> tails.begin(windows[i]));
        double passed = 0;
        while (true) {
            int highest = highestOf(at, whole);
            if (highest < 0) {
                return lowestKept();
            }
            int end = tails.end(windows[highest]);
            int step = tails.step(windows[highest]);
            passed += at[highest] < end ? tails.weight(at[highest], step) : rest(windows[highest]);
            if (passed >= down) {
                return tails.units(Math.min(at[highest], end - step));
            }
            at[highest] += step;
        }
    }

    /** The window whose next value is the highest; -1 when there is none left. */
    private int highestOf(int[] at, boolean whole) {
        int highest = -1;
        long value = Long.MIN_VALUE;
        for (int i = 0; i < size; i++) {
            int end = tails.end(windows[i]);
            if (at[i] < end || (whole && at[i] == end)) {
                long next = tails.units(Math.min(at[i], end - tails.step(windows[i])));
                if (next > value || highest < 0) {
                    highest = i;
                    value = next;
                }
            }
        }
        return highest;
    }

    private double rest(int window) {
        double kept = 0;
        int step = tails.step(window);
        for (int at = tails.begin(window); at < tails.end(window); at += step) {
            kept += tails.weight(at, step);
        }
        return Math.max(0, tails.count(window) - kept);
    }

    private long highestKept() {
        long highest = Long.MIN_VALUE;
        for (int i = 0; i < size; i++) {
            highest = Math.max(highest, tails.units(tails.begin(windows[i])));
        }
        return highest;
    }

    private long lowestKept() {
        long lowest = Long.MAX_VALUE;
        for (int i = 0; i < size; i++) {
            lowest = Math.min(lowest, tails.units(tails.end(windows[i]) - tails.step(windows[i])));
        }
        return lowest;
    }
}
