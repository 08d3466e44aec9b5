package io.sonde.core;

/**
 * A number of a window that rules look at: the median or the 95th percentile of one measure.
 *
 * @param measure index into {@link Kind#measures()}
 * @param tail the 95th percentile
 */
public record Quantile(int measure, boolean tail) {
    public static Quantile p50(int measure) {
        return new Quantile(measure, false);
    }

    public static Quantile p95(int measure) {
        return new Quantile(measure, true);
    }

    /** How many a window of this many measures has. */
    public static int count(int measures) {
        return 2 * measures;
    }

    /** Its place among all of a window. */
    public int index() {
        return 2 * measure + (tail ? 1 : 0);
    }

    /** {@code NaN} where nothing was measured. */
    public double of(WindowAggregate window) {
        if (measure >= window.measures().size()) {
            return Double.NaN;
        }
        Distribution values = window.measures().get(measure);
        return tail ? values.p95() : values.p50();
    }

    /** All of a window, each at its {@link #index()}. */
    public static double[] all(WindowAggregate window) {
        double[] all = new double[count(window.measures().size())];
        for (int measure = 0; measure < window.measures().size(); measure++) {
            all[p50(measure).index()] = p50(measure).of(window);
            all[p95(measure).index()] = p95(measure).of(window);
        }
        return all;
    }
}
