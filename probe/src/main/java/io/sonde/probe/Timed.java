package io.sonde.probe;

/** What a stage made, and how long that took; ms, always positive. */
record Timed<T>(T value, double ms) {
    private static final double NANOS_PER_MS = 1e6;

    static <T> Timed<T> since(long startNanos, T value) {
        return new Timed<>(value, ms(System.nanoTime() - startNanos));
    }

    /** To the microsecond; at least one, because the stage did happen. */
    static double ms(long nanos) {
        return Math.max(1, Math.round(nanos / 1e3)) * 1e3 / NANOS_PER_MS;
    }
}
