package io.sonde.core;

import java.util.Objects;

/**
 * One number that a verdict rests on, and what it was held against.
 *
 * @param of its name as in a window's row ({@code dns_p95})
 * @param unit as people write it; empty for a share
 * @param recent of the last healthy windows; {@link Norm#NONE} when the rule needs none
 * @param sameHour of the same hour of the last seven days, for people to compare
 * @param threshold what {@code observed} reached, in the same unit
 */
public record Evidence(String of, String unit, double observed, Norm recent, Norm sameHour, double threshold) {
    public Evidence {
        Objects.requireNonNull(of);
        Objects.requireNonNull(unit);
        Objects.requireNonNull(recent);
        Objects.requireNonNull(sameHour);
    }
}
