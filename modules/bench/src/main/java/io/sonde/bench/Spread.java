package io.sonde.bench;

import java.util.List;
import java.util.Locale;

/** A figure as several runs saw it. */
record Spread(List<Double> runs) {
    Spread {
        if (runs.isEmpty()) {
            throw new IllegalArgumentException("a figure of no run");
        }
        runs = runs.stream().sorted().toList();
    }

    static Spread of(double one) {
        return new Spread(List.of(one));
    }

    double median() {
        int middle = runs.size() / 2;
        return runs.size() % 2 == 1 ? runs.get(middle) : (runs.get(middle - 1) + runs.get(middle)) / 2;
    }

    double min() {
        return runs.get(0);
    }

    double max() {
        return runs.get(runs.size() - 1);
    }

    /** Median and, of several runs, what lay around it. */
    @Override
    public String toString() {
        return runs.size() == 1 ? text(median()) : text(median()) + " (" + text(min()) + "–" + text(max()) + ")";
    }

    private static String text(double value) {
        return String.format(Locale.ROOT, Math.abs(value) < 100 ? "%.1f" : "%,.0f", value);
    }
}
