package io.sonde.faults;

import java.time.Duration;

/**
 * How long the faults last: at full length with {@code -Dsonde.faults.full=true} ({@code make faults}), shorter in
 * {@code make test}. The seed is {@code -Dsonde.seed}, or any.
 */
final class Extent {
    static final boolean FULL = Boolean.getBoolean("sonde.faults.full");

    private Extent() {}

    static int times(int quick, int full) {
        return FULL ? full : quick;
    }

    static Duration seconds(int quick, int full) {
        return Duration.ofSeconds(FULL ? full : quick);
    }

    static long seed() {
        String given = System.getProperty("sonde.seed", "");
        return given.isBlank() ? System.nanoTime() : Long.parseLong(given.strip());
    }
}
