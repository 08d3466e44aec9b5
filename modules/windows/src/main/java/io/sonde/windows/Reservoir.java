package io.sonde.windows;

import io.sonde.core.Distribution;
import io.sonde.core.Packer;
import io.sonde.core.Summary;
import io.sonde.core.Unpacker;
import io.sonde.core.UnreadableFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The values of a window's successful samples, a row each. Beyond {@value #LIMIT} rows it keeps those whose event ids
 * have the smallest hashes: a uniform sample that depends neither on order nor on the process. Counts, minima and
 * maxima stay exact.
 */
final class Reservoir {
    static final int LIMIT = 10_000;

    private static final int FEW = 4;

    private final int width;
    private final long[] counts;
    private final double[] mins;
    private final double[] maxs;
    private int rows;
    private long[] hashes = new long[FEW];
    private final ValueRows values;
    /** From the first row too many on, the rows are a heap with the largest hash at the root. */
    private boolean heap;

    Reservoir(int width) {
        this.width = width;
        counts = new long[width];
        mins = new double[width];
        maxs = new double[width];
        Arrays.fill(mins, Double.POSITIVE_INFINITY);
        Arrays.fill(maxs, Double.NEGATIVE_INFINITY);
        values = new ValueRows(width, FEW);
    }

    /** A row of fewer values is one of before a measure was added to the kind; it has no value of that. */
    void add(long hash, double[] sent) {
        double[] row = widened(sent, width);
        for (int m = 0; m < width; m++) {
            if (!Double.isNaN(row[m])) {
                counts[m]++;
                mins[m] = Math.min(mins[m], row[m]);
                maxs[m] = Math.max(maxs[m], row[m]);
            }
        }
        if (rows < LIMIT) {
            append(hash, row);
            return;
        }
        if (!heap) {
            heapify();
        }
        if (hash < hashes[0]) {
            put(0, hash, row);
            siftDown(0);
        }
    }

    List<Distribution> distributions() {
        List<Distribution> all = new ArrayList<>(width);
        for (int m = 0; m < width; m++) {
            all.add(counts[m] == 0 ? Distribution.EMPTY : distribution(m));
        }
        return all;
    }

    private Distribution distribution(int m) {
        double[] kept = new double[rows];
        int n = 0;
        for (int row = 0; row < rows; row++) {
            double value = values.get(row, m);
            if (!Double.isNaN(value)) {
                kept[n++] = value;
            }
        }
        double[] sorted = Arrays.copyOf(kept, n);
        Arrays.sort(sorted);
        if (n == 0) {
            return new Distribution(counts[m], mins[m], maxs[m], Double.NaN, Double.NaN, Summary.EMPTY);
        }
        return new Distribution(
                counts[m],
                mins[m],
                maxs[m],
                sorted[Summary.nearestRank(n, 0.50)],
                sorted[Summary.nearestRank(n, 0.95)],
                Summary.of(sorted, counts[m]));
    }

    void write(Packer to) {
        to.count(width).count(rows);
        for (int row = 0; row < rows; row++) {
            to.raw(hashes[row]);
            for (int m = 0; m < width; m++) {
                to.number(values.get(row, m));
            }
        }
        for (int m = 0; m < width; m++) {
            to.count(counts[m]).number(mins[m]).number(maxs[m]);
        }
    }

    static Reservoir read(int width, Unpacker from) {
        Reservoir reservoir = new Reservoir(width);
        int written = from.small();
        if (written > width) {
            throw new UnreadableFormat(written + " values a row, where there are " + width);
        }
        int rows = from.size(8 + written);
        if (rows > LIMIT) {
            throw new UnreadableFormat(rows + " rows, where there are at most " + LIMIT);
        }
        double[] row = new double[written];
        for (int i = 0; i < rows; i++) {
            long hash = from.raw();
            for (int m = 0; m < written; m++) {
                row[m] = from.number();
            }
            reservoir.append(hash, widened(row, width));
        }
        for (int m = 0; m < written; m++) {
            reservoir.counts[m] = from.count();
            reservoir.mins[m] = from.number();
            reservoir.maxs[m] = from.number();
        }
        return reservoir;
    }

    private static double[] widened(double[] row, int width) {
        if (row.length == width) {
            return row;
        }
        double[] wide = Arrays.copyOf(row, width);
        Arrays.fill(wide, Math.min(row.length, width), width, Double.NaN);
        return wide;
    }

    private void append(long hash, double[] row) {
        if (rows == hashes.length) {
            int more = Math.min(LIMIT, rows * 2);
            hashes = Arrays.copyOf(hashes, more);
            values.grow(more);
        }
        put(rows++, hash, row);
    }

    private void put(int at, long hash, double[] row) {
        hashes[at] = hash;
        values.set(at, row);
    }

    private void heapify() {
        for (int at = rows / 2 - 1; at >= 0; at--) {
            siftDown(at);
        }
        heap = true;
    }

    private void siftDown(int from) {
        int at = from;
        while (true) {
            int largest = at;
            for (int child = 2 * at + 1; child <= 2 * at + 2 && child < rows; child++) {
                if (hashes[child] > hashes[largest]) {
                    largest = child;
                }
            }
            if (largest == at) {
                return;
            }
            swap(at, largest);
            at = largest;
        }
    }

    private void swap(int a, int b) {
        long hash = hashes[a];
        hashes[a] = hashes[b];
        hashes[b] = hash;
        values.swap(a, b);
    }
}
