package io.sonde.diagnosis;

import io.sonde.core.Norm;
import io.sonde.core.Packer;
import io.sonde.core.Unpacker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How far a series' numbers lie from their baseline on an ordinary minute, each for itself: a slow mean of the absolute
 * difference of logarithms. One wild minute moves it little; ten windows alone would not tell a restless series from an ill
 * one.
 */
final class Spread {
    /** Windows after which half an hour weighs as much as the two before it. */
    private static final int MEMORY = 120;
    /** What is assumed before anything was seen, and as how many windows that counts. */
    private static final double ASSUMED = 0.1;

    private static final int ASSUMED_WINDOWS = 5;
    /** A difference counts no more than so many times the mean one. */
    private static final double MOST = 3;
    /** Of a normal distribution, the standard deviation is so many mean absolute deviations. */
    private static final double DEVIATIONS_A_MEAN = Math.sqrt(Math.PI / 2);
    /** A thousandth more or less of what is near nothing is no difference. */
    private static final double LEAST = 0.001;
    /** Of a hundred differences five are over the tail. */
    private static final double TAIL = 0.95;
    /** What is assumed of it; high, because three wild windows of the first few are no incident. */
    private static final double ASSUMED_TAIL = 1.0;
    /** How much lower a window that is not over the tail brings it, in the end … */
    private static final double STEP = 0.005;
    /** … and at first, divided by the number of windows. */
    private static final double FIRST_STEPS = 0.5;
    /** Where tails are so many times the deviation, noise is heavier than any that deviations describe. */
    private static final double DEVIATIONS_A_TAIL = 2.4;

    private double[] means = {};
    private double[] tails = {};
    private int windows;

    /** Each number's distance from what is usual, {@code NaN} where there is none. */
    static double[] differences(double[] observed, List<Norm> usual) {
        double[] differences = new double[observed.length];
        Arrays.fill(differences, Double.NaN);
        for (int i = 0; i < observed.length && i < usual.size(); i++) {
            differences[i] =
                    Math.abs(Math.log((observed[i] + LEAST) / (usual.get(i).mean() + LEAST)));
        }
        return differences;
    }

    void learn(double[] differences) {
        int known = means.length;
        if (known < differences.length) {
            means = Arrays.copyOf(means, differences.length);
            Arrays.fill(means, known, means.length, ASSUMED);
            tails = Arrays.copyOf(tails, differences.length);
            Arrays.fill(tails, known, tails.length, ASSUMED_TAIL);
        }
        windows++;
        double weight = Math.max(1.0 / MEMORY, 1.0 / (windows + ASSUMED_WINDOWS));
        double step = Math.max(STEP, FIRST_STEPS / (windows + ASSUMED_WINDOWS));
        for (int i = 0; i < differences.length; i++) {
            double difference = differences[i];
            if (!Double.isNaN(difference)) {
                means[i] += weight * (Math.min(difference, MOST * means[i]) - means[i]);
                tails[i] *= 1 + (difference > tails[i] ? step * TAIL / (1 - TAIL) : -step);
            }
        }
    }

    /** Standard deviations, at the places of the numbers. */
    List<Double> deviations() {
        List<Double> deviations = new ArrayList<>(means.length);
        for (int i = 0; i < means.length; i++) {
            deviations.add(Math.max(means[i] * DEVIATIONS_A_MEAN, tails[i] / DEVIATIONS_A_TAIL));
        }
        return deviations;
    }

    void forget() {
        means = new double[0];
        tails = new double[0];
        windows = 0;
    }

    void write(Packer to) {
        to.count(windows).count(means.length);
        for (int i = 0; i < means.length; i++) {
            to.number(means[i]).number(tails[i]);
        }
    }

    static Spread read(Unpacker from) {
        var spread = new Spread();
        spread.windows = from.small();
        spread.means = new double[from.size(2)];
        spread.tails = new double[spread.means.length];
        for (int i = 0; i < spread.means.length; i++) {
            spread.means[i] = from.number();
            spread.tails[i] = from.number();
        }
        return spread;
    }
}
