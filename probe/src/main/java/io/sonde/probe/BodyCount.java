package io.sonde.probe;

import java.util.OptionalDouble;

/**
 * How much of a body came, and in what time: from the end of the head to the last byte. Bytes that came with the
 * head are at most one buffer of it and count as come at its start.
 */
final class BodyCount {
    private final long startNanos = System.nanoTime();
    private long bytes;
    private long lastNanos = startNanos;

    void add(int length) {
        bytes += length;
        lastNanos = System.nanoTime();
    }

    long bytes() {
        return bytes;
    }

    /** kbit/s so far; empty when nothing came. */
    OptionalDouble rate() {
        return bytes == 0 ? OptionalDouble.empty() : OptionalDouble.of(kbps(bytes, lastNanos - startNanos));
    }

    /** bytes · 8 / ms, which is kbit/s. */
    static double kbps(long bytes, long nanos) {
        return bytes * 8 / Timed.ms(nanos);
    }
}
