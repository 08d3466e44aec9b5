package io.sonde.core;

import java.util.Objects;

/**
 * One measure of one window, over its successful samples.
 *
 * @param count how many had a value; where 0, every number below is {@code NaN}
 * @param p50 nearest-rank, exact up to 10,000 samples, beyond that of a uniform sample of 10,000
 * @param p95 likewise
 * @param summary merges with those of other windows
 */
public record Distribution(long count, double min, double max, double p50, double p95, Summary summary) {
    public static final Distribution EMPTY =
            new Distribution(0, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Summary.EMPTY);

    public Distribution {
        Objects.requireNonNull(summary);
    }
}
