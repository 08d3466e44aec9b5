package io.sonde.core;

import java.util.Map;
import java.util.Optional;

/** The numbers that rules compare with, by their name in the configuration. */
public record Thresholds(Map<String, Double> values) {
    public Thresholds {
        values = Map.copyOf(values);
    }

    /** @throws IllegalArgumentException when it is not set, or is not a number of at least 0 */
    public double get(String name) {
        return Optional.ofNullable(values.get(name))
                .filter(value -> value >= 0 && value < Double.POSITIVE_INFINITY)
                .orElseThrow(() -> new IllegalArgumentException(name + ": expected a number of at least 0"));
    }
}
