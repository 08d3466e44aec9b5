package io.sonde.diagnosis;

import io.sonde.core.Norm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What numbers usually are, from those of some windows. */
public final class Norms {
    /** Of a normal distribution, the standard deviation is so many median absolute deviations. */
    private static final double DEVIATIONS_A_MAD = 1.4826;

    private Norms() {}

    /**
     * @param windows the numbers of each, at the same places; {@code NaN} where a window has none
     * @param robust median and median absolute deviation instead of mean and standard deviation
     */
    public static List<Norm> of(List<double[]> windows, boolean robust) {
        int numbers = windows.stream().mapToInt(window -> window.length).max().orElse(0);
        List<Norm> norms = new ArrayList<>(numbers);
        for (int i = 0; i < numbers; i++) {
            double[] values = column(windows, i);
            norms.add(values.length == 0 ? Norm.NONE : robust ? robust(values) : moments(values));
        }
        return norms;
    }

    private static double[] column(List<double[]> windows, int i) {
        double[] values = new double[windows.size()];
        int size = 0;
        for (double[] window : windows) {
            if (i < window.length && !Double.isNaN(window[i])) {
                values[size++] = window[i];
            }
        }
        return Arrays.copyOf(values, size);
    }

    private static Norm moments(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        double mean = sum / values.length;
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        double deviation = values.length == 1 ? 0 : Math.sqrt(squares / (values.length - 1));
        return new Norm(mean, deviation, values.length);
    }

    private static Norm robust(double[] values) {
        double median = median(values);
        double[] away = new double[values.length];
        for (int i = 0; i < away.length; i++) {
            away[i] = Math.abs(values[i] - median);
        }
        return new Norm(median, DEVIATIONS_A_MAD * median(away), values.length);
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
