package io.sonde.views;

import io.sonde.core.Distribution;
import io.sonde.core.Judgement;
import io.sonde.core.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * All windows of a time together, of every series of a tenant and kind.
 *
 * @param reasons the most frequent
 * @param scored events of windows that have a score
 * @param scoreSum the scores of those windows, each as often as it has events
 */
record OverviewRow(
        long startMs,
        long windows,
        long success,
        List<Long> errors,
        Map<String, Long> reasons,
        long scored,
        long scoreSum,
        List<Distribution> measures,
        SeriesSet series) {
    private static final double ROUNDING = 1e-9;

    OverviewRow {
        errors = List.copyOf(errors);
        reasons = Map.copyOf(reasons);
        measures = List.copyOf(measures);
    }

    /** The mean of all events, or {@link Judgement#NO_SCORE}. */
    int score() {
        return scored == 0 ? Judgement.NO_SCORE : (int) Math.round((double) scoreSum / scored);
    }

    /** The names of the columns in which the other differs. */
    List<String> differences(OverviewRow other) {
        List<String> names = new ArrayList<>();
        compare(names, "windows", windows == other.windows);
        compare(names, "success", success == other.success);
        compare(names, "errors", errors.equals(other.errors));
        compare(names, "reasons", reasons.equals(other.reasons));
        compare(names, "scored", scored == other.scored);
        compare(names, "score_sum", scoreSum == other.scoreSum);
        compare(names, "measures", sameMeasures(other));
        compare(names, "series", series.equals(other.series));
        return names;
    }

    private static void compare(List<String> names, String column, boolean same) {
        if (!same) {
            names.add(column);
        }
    }

    private boolean sameMeasures(OverviewRow other) {
        boolean same = measures.size() == other.measures.size();
        for (int i = 0; same && i < measures.size(); i++) {
            same = same(measures.get(i), other.measures.get(i));
        }
        return same;
    }

    /**
     * As good as the same: of windows with more than 10,000 events a value of a sketch is there a fraction of times, and
     * the sum of fractions depends on their order, which nobody keeps.
     */
    private static boolean same(Distribution one, Distribution other) {
        return one.count() == other.count()
                && Double.compare(one.min(), other.min()) == 0
                && Double.compare(one.max(), other.max()) == 0
                && almost(one.summary(), other.summary());
    }

    private static boolean almost(Summary one, Summary other) {
        List<double[]> bins = bins(one);
        List<double[]> others = bins(other);
        boolean same = bins.size() == others.size();
        for (int i = 0; same && i < bins.size(); i++) {
            same = bins.get(i)[0] == others.get(i)[0]
                    && Math.abs(bins.get(i)[1] - others.get(i)[1]) <= ROUNDING * bins.get(i)[1];
        }
        return same;
    }

    /** Values and how many times each is there. */
    private static List<double[]> bins(Summary of) {
        List<double[]> bins = new ArrayList<>();
        of.descend((value, weight) -> bins.add(new double[] {value, weight}));
        return bins;
    }
}
