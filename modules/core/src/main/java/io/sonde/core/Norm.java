package io.sonde.core;

/**
 * What a number usually is.
 *
 * @param mean {@code NaN} where no window had the number
 * @param deviation standard deviation of a sample (n − 1); 0 of a single window
 * @param windows over how many
 */
public record Norm(double mean, double deviation, int windows) {
    public static final Norm NONE = new Norm(Double.NaN, Double.NaN, 0);

    public boolean isKnown() {
        return windows > 0;
    }
}
