package io.sonde.windows;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rows of values as they are, in half the memory while all of them are thousandths below two million or absent, which those
 * of almost all windows are; the first other value makes all of them doubles.
 */
final class ValueRows {
    private static final double SCALE = 1_000;
    private static final int ABSENT = -1;
    private static final int INEXACT = -2;

    private final int width;
    private int[] thousandths;
    private double @Nullable [] exact;

    /** @param rows for which there is room at first */
    ValueRows(int width, int rows) {
        this.width = width;
        this.thousandths = new int[rows * width];
    }

    /** Makes room. */
    void grow(int rows) {
        if (exact == null) {
            thousandths = Arrays.copyOf(thousandths, rows * width);
        } else {
            exact = Arrays.copyOf(exact, rows * width);
        }
    }

    void set(int row, double[] values) {
        for (int m = 0; m < width; m++) {
            set(row * width + m, values[m]);
        }
    }

    double get(int row, int m) {
        int at = row * width + m;
        return exact == null ? decoded(thousandths[at]) : exact[at];
    }

    void swap(int a, int b) {
        for (int m = 0; m < width; m++) {
            if (exact == null) {
                int code = thousandths[a * width + m];
                thousandths[a * width + m] = thousandths[b * width + m];
                thousandths[b * width + m] = code;
            } else {
                double value = exact[a * width + m];
                exact[a * width + m] = exact[b * width + m];
                exact[b * width + m] = value;
            }
        }
    }

    private void set(int at, double value) {
        if (exact == null) {
            int code = encoded(value);
            if (code != INEXACT) {
                thousandths[at] = code;
                return;
            }
            exact = widened();
        }
        exact[at] = value;
    }

    private double[] widened() {
        double[] wide = new double[thousandths.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = decoded(thousandths[i]);
        }
        thousandths = new int[0];
        return wide;
    }

    private static int encoded(double value) {
        if (Double.isNaN(value)) {
            return ABSENT;
        }
        double scaled = Math.rint(value * SCALE);
        return scaled >= 0
                        && scaled <= Integer.MAX_VALUE
                        && Double.doubleToRawLongBits(decoded((int) scaled)) == Double.doubleToRawLongBits(value)
                ? (int) scaled
                : INEXACT;
    }

    private static double decoded(int code) {
        return code == ABSENT ? Double.NaN : code / SCALE;
    }
}
