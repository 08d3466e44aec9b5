package io.sonde.views;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.LongPredicate;

/**
 * The tails of one minute's windows, by the numbers of their series, each series once. Column by column, each in the smallest
 * numbers that hold it: they are kept in memory and gone through from the first to the last.
 */
final class MinuteTails {
    static final MinuteTails EMPTY = new Builder().build();
    /** What {@link #series} answers behind the last. */
    static final long NONE = Long.MAX_VALUE;

    private final long[] series;
    private final long[] revisions;
    private final int[] counts;
    private final int[] ends;
    /** Empty where some value takes a {@code long}. */
    private final int[] units;

    private final long[] wideUnits;
    /** 0 for one that {@link #oddWeights} has; empty where all are 1. */
    private final byte[] weights;

    private final int[] oddAt;
    private final double[] oddWeights;

    private MinuteTails(Builder of) {
        series = Arrays.copyOf(of.series, of.size);
        revisions = Arrays.copyOf(of.revisions, of.size);
        counts = Arrays.copyOf(of.counts, of.size);
        ends = Arrays.copyOf(of.ends, of.size);
        wideUnits = of.isWide ? Arrays.copyOf(of.units, of.values) : new long[0];
        units = new int[of.isWide ? 0 : of.values];
        Arrays.setAll(units, i -> (int) of.units[i]);
        weights = of.isWeighted ? Arrays.copyOf(of.weights, of.values) : new byte[0];
        oddAt = Arrays.copyOf(of.oddAt, of.odd);
        oddWeights = Arrays.copyOf(of.oddWeights, of.odd);
    }

    /** Of a window that is in several parts the one with the highest revision. */
    static MinuteTails merge(List<MinuteTails> parts) {
        PriorityQueue<Place> next = new PriorityQueue<>(
                Comparator.comparingLong(Place::series).thenComparing(Place::revision, Comparator.reverseOrder()));
        parts.stream().filter(part -> part.series.length > 0).forEach(part -> next.add(new Place(part, 0)));
        Builder merged = new Builder();
        long last = NONE;
        while (!next.isEmpty()) {
            Place place = next.remove();
            long until = next.isEmpty() ? NONE : next.element().series();
            int window = place.window;
            // The next ones too, as far as no other part has any of them.
            do {
                if (place.of.series[window] != last) {
                    last = place.of.series[window];
                    merged.copy(place.of, window);
                }
                window++;
            } while (place.of.series(window) < until);
            if (window < place.of.series.length) {
                next.add(new Place(place.of, window));
            }
        }
        return merged.build();
    }

    /** One window. */
    private record Place(MinuteTails of, int window) {
        long series() {
            return of.series[window];
        }

        long revision() {
            return of.revisions[window];
        }
    }

    MinuteTails only(LongPredicate wanted) {
        Builder some = new Builder();
        for (int window = 0; window < series.length; window++) {
            if (wanted.test(series[window])) {
                some.copy(this, window);
            }
        }
        return some.build();
    }

    long series(int window) {
        return window < series.length ? series[window] : NONE;
    }

    /** The window of a series; if it has none, that of the next one. */
    int find(long of) {
        int found = Arrays.binarySearch(series, of);
        return found < 0 ? -found - 1 : found;
    }

    int count(int window) {
        return counts[window];
    }

    /** Where its highest value is. */
    int begin(int window) {
        return window == 0 ? 0 : ends[window - 1];
    }

    int end(int window) {
        return ends[window];
    }

    long highest(int window) {
        return units(begin(window));
    }

    /** Of those that are kept. */
    long lowest(int window) {
        return units(ends[window] - 1);
    }

    /** In thousandths, rounded up. */
    long units(int at) {
        return wideUnits.length == 0 ? units[at] : wideUnits[at];
    }

    /** How many times the value is there. */
    double weight(int at) {
        if (weights.length == 0) {
            return 1;
        }
        return weights[at] != 0 ? weights[at] : oddWeights[Arrays.binarySearch(oddAt, at)];
    }

    /** How many values of a window's tail are at least so much. */
    double atLeast(long limit, int window) {
        int begin = begin(window);
        int end = ends[window];
        int at = begin;
        while (at < end && units(at) >= limit) {
            at++;
        }
        if (weights.length == 0) {
            return at - begin;
        }
        double sum = 0;
        while (begin < at) {
            sum += weight(begin++);
        }
        return sum;
    }

    /** What it takes of the memory. */
    long bytes() {
        return 24L * series.length + 4L * units.length + 8L * wideUnits.length + weights.length + 12L * oddAt.length;
    }

    /** To be given windows by ascending numbers of series. */
    static final class Builder {
        private long[] series = new long[64];
        private long[] revisions = new long[64];
        private int[] counts = new int[64];
        private int[] ends = new int[64];
        private int size;

        private long[] units = new long[256];
        private byte[] weights = new byte[256];
        private int values;
        private boolean isWide;
        private boolean isWeighted;

        private int[] oddAt = new int[0];
        private double[] oddWeights = new double[0];
        private int odd;

        /** Its values follow. */
        void window(long of, long revision, int count) {
            if (size == series.length) {
                series = Arrays.copyOf(series, size * 2);
                revisions = Arrays.copyOf(revisions, size * 2);
                counts = Arrays.copyOf(counts, size * 2);
                ends = Arrays.copyOf(ends, size * 2);
            }
            series[size] = of;
            revisions[size] = revision;
            counts[size] = count;
            ends[size++] = values;
        }

        void value(long thousandths, double weight) {
            if (values == units.length) {
                units = Arrays.copyOf(units, values * 2);
                weights = Arrays.copyOf(weights, values * 2);
            }
            units[values] = thousandths;
            isWide |= thousandths != (int) thousandths;
            weights[values] = (byte) weight;
            isWeighted |= weight != 1;
            if (weight < 1 || weights[values] != weight) {
                weights[values] = 0;
                odd(weight);
            }
            ends[size - 1] = ++values;
        }

        private void odd(double weight) {
            if (odd == oddAt.length) {
                oddAt = Arrays.copyOf(oddAt, odd * 2 + 8);
                oddWeights = Arrays.copyOf(oddWeights, odd * 2 + 8);
            }
            oddAt[odd] = values;
            oddWeights[odd++] = weight;
        }

        private void copy(MinuteTails from, int window) {
            window(from.series[window], from.revisions[window], from.counts[window]);
            for (int at = from.begin(window); at < from.end(window); at++) {
                value(from.units(at), from.weight(at));
            }
        }

        MinuteTails build() {
            return new MinuteTails(this);
        }
    }
}
