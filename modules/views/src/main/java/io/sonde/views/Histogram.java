package io.sonde.views;

import io.sonde.core.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How many values lie where. The edges are the same for every series, ten to a power of ten, so that histograms can be
 * held against each other; a sketch's values lie within its error of where they were.
 *
 * @param buckets without gaps, from the first to the last that has a value
 */
public record Histogram(List<Bucket> buckets) {
    /** All that is below lies in the first bucket, all that is above in the last. */
    private static final int FIRST = -30;

    private static final int LAST = 90;
    private static final int PER_POWER = 10;
    /** A power of ten is an edge, though its logarithm may come out a little smaller. */
    private static final double ROUNDING = 1e-9;

    public Histogram {
        buckets = List.copyOf(buckets);
    }

    /**
     * @param from inclusive
     * @param to exclusive
     * @param count rounded, where values stand for more than were kept
     */
    public record Bucket(double from, double to, long count) {}

    public static Histogram of(Summary summary) {
        SortedMap<Integer, Double> weights = new TreeMap<>();
        summary.descend((value, weight) -> {
            weights.merge(bucket(value), weight, Double::sum);
            return true;
        });
        List<Bucket> buckets = new ArrayList<>();
        if (!weights.isEmpty()) {
            for (int i = weights.firstKey(); i <= weights.lastKey(); i++) {
                buckets.add(
                        new Bucket(i == FIRST ? 0 : edge(i), edge(i + 1), Math.round(weights.getOrDefault(i, 0.0))));
            }
        }
        return new Histogram(buckets);
    }

    private static int bucket(double value) {
        return value < edge(FIRST) ? FIRST : Math.min(LAST, (int) Math.floor(PER_POWER * Math.log10(value) + ROUNDING));
    }

    private static double edge(int i) {
        return Math.pow(10, (double) i / PER_POWER);
    }
}
