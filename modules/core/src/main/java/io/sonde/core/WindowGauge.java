package io.sonde.core;

import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * A number that others know by their own name, read off a window.
 *
 * @param name as their tools have it; several gauges of one name differ in their labels
 * @param labels beside those that name the series
 * @param value {@code NaN} when the window has none
 */
public record WindowGauge(
        String name, String help, Map<String, String> labels, ToDoubleFunction<WindowAggregate> value) {
    public WindowGauge {
        Objects.requireNonNull(name);
        Objects.requireNonNull(help);
        labels = Map.copyOf(labels);
        Objects.requireNonNull(value);
    }
}
