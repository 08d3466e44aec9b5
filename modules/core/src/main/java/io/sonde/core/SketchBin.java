package io.sonde.core;

import com.datadoghq.sketch.ddsketch.DDSketches;
import com.datadoghq.sketch.ddsketch.mapping.IndexMapping;

/**
 * The bin of a {@link Summary}'s sketch that a value falls into; all values of a bin come out of the sketch as one.
 *
 * @param lowest no value of the bin is below
 * @param value what the sketch answers for any of them
 * @param highest no value of the bin is above
 */
public record SketchBin(double lowest, double value, double highest) {
    private static final IndexMapping BINS =
            DDSketches.unboundedDense(Summary.RELATIVE_ERROR).getIndexMapping();

    public static SketchBin of(double value) {
        double size = Math.abs(value);
        if (size < BINS.minIndexableValue()) {
            return new SketchBin(-BINS.minIndexableValue(), 0, BINS.minIndexableValue());
        }
        int index = BINS.index(size);
        SketchBin above = new SketchBin(
                Math.min(size, BINS.lowerBound(index)), BINS.value(index), Math.max(size, BINS.upperBound(index)));
        return value > 0 ? above : new SketchBin(-above.highest, -above.value, -above.lowest);
    }
}
