package io.sonde.core;

import java.util.Objects;

/**
 * One number a sample may carry.
 *
 * @param name short, lower case; the stem of the column names people see ({@code dns} becomes {@code dns_p95})
 * @param unit as people write it ({@code ms}, {@code kbit/s})
 */
public record Measure(String name, String unit) {
    public Measure {
        Objects.requireNonNull(name);
        Objects.requireNonNull(unit);
    }
}
