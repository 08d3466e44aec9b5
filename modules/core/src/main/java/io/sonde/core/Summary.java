package io.sonde.core;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.DDSketches;
import com.datadoghq.sketch.ddsketch.encoding.ByteArrayInput;
import com.datadoghq.sketch.ddsketch.encoding.GrowingByteArrayOutput;
import com.datadoghq.sketch.ddsketch.mapping.IndexMapping;
import com.datadoghq.sketch.ddsketch.store.Bin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * The distribution of one measure, mergeable with that of other windows: the values themselves while they are few,
 * beyond that a DDSketch whose quantiles are within {@value #RELATIVE_ERROR} of the true value.
 */
public final class Summary {
    public static final double RELATIVE_ERROR = 0.01;
    /** Up to here the values themselves are about as small as a sketch of them. */
    public static final int EXACT_UP_TO = 64;

    public static final Summary EMPTY = new Summary(new double[0], new byte[0]);

    /** More than any numbers there are need at this error; keeps a damaged sketch from taking all memory. */
    private static final int MOST_BINS = 1 << 17;

    private static final int VALUES = 1;
    private static final int SKETCH = 2;

    private final double[] values;
    private final byte[] sketch;

    private Summary(double[] sortedValues, byte[] sketch) {
        this.values = sortedValues;
        this.sketch = sketch;
    }

    /**
     * @param sorted ascending, finite
     * @param count how many values these stand for: more than {@code sorted.length} when they are a sample
     */
    public static Summary of(double[] sorted, long count) {
        if (sorted.length == 0) {
            return EMPTY;
        }
        if (count <= EXACT_UP_TO) {
            return new Summary(sorted, new byte[0]);
        }
        DDSketch sketch = noSketch();
        double weight = (double) count / sorted.length;
        for (double value : sorted) {
            sketch.accept(value, weight);
        }
        return new Summary(new double[0], encode(sketch));
    }

    /** All values of all parts. */
    public static Summary merge(List<Summary> parts) {
        List<Summary> some = parts.stream().filter(part -> !part.isEmpty()).toList();
        if (some.size() < 2) {
            return some.isEmpty() ? EMPTY : some.get(0);
        }
        int count = some.stream().mapToInt(part -> part.values.length).sum();
        if (count <= EXACT_UP_TO && some.stream().allMatch(Summary::exact)) {
            double[] sorted = some.stream()
                    .flatMapToDouble(part -> Arrays.stream(part.values))
                    .sorted()
                    .toArray();
            return new Summary(sorted, new byte[0]);
        }
        DDSketch merged = noSketch();
        some.forEach(part -> part.addTo(merged));
        return new Summary(new double[0], encode(merged));
    }

    public boolean isEmpty() {
        return values.length == 0 && sketch.length == 0;
    }

    /** True while quantiles are those of the values themselves. */
    public boolean exact() {
        return sketch.length == 0;
    }

    /** Nearest rank while exact, else within {@link #RELATIVE_ERROR} of it; {@code NaN} when empty. */
    public double quantile(double q) {
        if (isEmpty()) {
            return Double.NaN;
        }
        return exact() ? values[nearestRank(values.length, q)] : atNearestRank(toSketch(), q);
    }

    /** The sketch takes the value of rank ⌊q·(n-1)⌋, which may be that before the nearest: so it is asked for that one. */
    private static double atNearestRank(DDSketch sketch, double q) {
        int n = (int) Math.rint(sketch.getCount());
        return sketch.getValueAtQuantile(Math.min(1, (nearestRank(n, q) + 0.25) / Math.max(1, n - 1)));
    }

    /** Takes one value after the other, and whether it wants more. */
    @FunctionalInterface
    public interface Descent {
        /** @param weight how many times the value is there; a fraction where it stands for more than were kept */
        boolean onTo(double value, double weight);
    }

    /** Its values, or where there is a sketch those of its bins, from the highest down. */
    public void descend(Descent by) {
        if (exact()) {
            int i = values.length;
            while (i > 0 && by.onTo(values[--i], 1)) {}
            return;
        }
        DDSketch from = toSketch();
        IndexMapping bins = from.getIndexMapping();
        double left = from.getCount();
        for (Iterator<Bin> at = from.getPositiveValueStore().getDescendingIterator(); at.hasNext(); ) {
            Bin bin = at.next();
            left -= bin.getCount();
            if (!by.onTo(bins.value(bin.getIndex()), bin.getCount())) {
                return;
            }
        }
        double negative = from.getNegativeValueStore().getTotalCount();
        if (left - negative > 0 && !by.onTo(0, left - negative)) {
            return;
        }
        for (Iterator<Bin> at = from.getNegativeValueStore().getAscendingIterator(); at.hasNext(); ) {
            Bin bin = at.next();
            if (!by.onTo(-bins.value(bin.getIndex()), bin.getCount())) {
                return;
            }
        }
    }

    /** Which part of the values is at most this, 0 to 1; {@code NaN} when empty. */
    public double shareUpTo(double limit) {
        if (isEmpty()) {
            return Double.NaN;
        }
        if (exact()) {
            int upTo = 0;
            while (upTo < values.length && values[upTo] <= limit) {
                upTo++;
            }
            return (double) upTo / values.length;
        }
        return shareOf(toSketch(), limit);
    }

    /** By halving: the sketch knows quantiles, and the share is where they pass the limit. */
    private static double shareOf(DDSketch sketch, double limit) {
        int n = (int) Math.rint(sketch.getCount());
        int below = 0;
        int above = n;
        while (below < above) {
            int middle = (below + above) >>> 1;
            if (sketch.getValueAtQuantile(Math.min(1, (middle + 0.25) / Math.max(1, n - 1))) <= limit) {
                below = middle + 1;
            } else {
                above = middle;
            }
        }
        return (double) below / n;
    }

    /** The index of the nearest-rank quantile in {@code n} sorted values: the smallest with at least q·n values up to it. */
    public static int nearestRank(int n, double q) {
        return Math.max(0, (int) Math.ceil(q * n) - 1);
    }

    public void write(Packer to) {
        if (exact()) {
            to.u8(VALUES).count(values.length);
            for (double value : values) {
                to.number(value);
            }
        } else {
            to.u8(SKETCH).blob(sketch);
        }
    }

    public static Summary read(Unpacker from) {
        int form = from.u8();
        switch (form) {
            case VALUES -> {
                double[] values = new double[from.size(1)];
                for (int i = 0; i < values.length; i++) {
                    values[i] = from.number();
                }
                return values.length == 0 ? EMPTY : new Summary(values, new byte[0]);
            }
            case SKETCH -> {
                return new Summary(new double[0], from.blob());
            }
            default -> throw new UnreadableFormat("summary of form " + form + ": this release reads 1 and 2");
        }
    }

    private static DDSketch noSketch() {
        return DDSketches.collapsingLowestDense(RELATIVE_ERROR, MOST_BINS);
    }

    private DDSketch toSketch() {
        DDSketch of = noSketch();
        addTo(of);
        return of;
    }

    private void addTo(DDSketch into) {
        for (double value : values) {
            into.accept(value);
        }
        if (!exact()) {
            try {
                into.decodeAndMergeWith(ByteArrayInput.wrap(sketch));
            } catch (IOException | RuntimeException e) {
                throw new UnreadableFormat("a sketch that cannot be decoded: " + e.getMessage());
            }
        }
    }

    private static byte[] encode(DDSketch sketch) {
        GrowingByteArrayOutput out = GrowingByteArrayOutput.withDefaultInitialCapacity();
        try {
            sketch.encode(out, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.trimmedCopy();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Summary that
                && Arrays.equals(values, that.values)
                && Arrays.equals(sketch, that.sketch);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(values) + Arrays.hashCode(sketch);
    }

    @Override
    public String toString() {
        return exact() ? "Summary" + Arrays.toString(values) : "Summary[sketch of " + sketch.length + " bytes]";
    }
}
