package io.sonde.core;

import java.util.Objects;

/**
 * One number a sample may carry.
 *
 * @param name short, lower case; the stem of the column names people see ({@code dns} becomes {@code dns_p95})
 * @param unit as people write it ({@code ms}, {@code kbit/s})
 * @param semantic its name in OpenTelemetry's semantic conventions, or one like it; empty for none
 * @param moreIsBetter whether the lowest values are the worst ones: a throughput, not a duration
 */
public record Measure(String name, String unit, String semantic, boolean moreIsBetter) {
    public Measure {
        Objects.requireNonNull(name);
        Objects.requireNonNull(unit);
        Objects.requireNonNull(semantic);
    }

    public Measure(String name, String unit, String semantic) {
        this(name, unit, semantic, false);
    }

    public Measure(String name, String unit) {
        this(name, unit, "");
    }

    /** What it is called outside, among what others measure. */
    public String metric(String kind) {
        return semantic.isEmpty() ? "sonde." + kind + "." + name : semantic;
    }
}
