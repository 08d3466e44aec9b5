package io.sonde.core;

/** Which one-minute window a time falls into, and when an event is too late for it. Times are epoch ms. */
public final class Minute {
    public static final long LENGTH_MS = 60_000;
    /** How long after its end a window still takes events, at the clock of whoever received them. */
    public static final long LATENESS_MS = 120_000;

    /** How far ahead of the clock of whoever received it an event may be. */
    public static final long AHEAD_MS = 5 * LENGTH_MS;

    private Minute() {}

    public static long startOf(long tsMs) {
        return Math.floorDiv(tsMs, LENGTH_MS) * LENGTH_MS;
    }

    public static long endOf(long startMs) {
        return startMs + LENGTH_MS;
    }

    /** Late: received after the end of its window plus the lateness. */
    public static boolean isLate(long tsMs, long recvTsMs) {
        return recvTsMs > endOf(startOf(tsMs)) + LATENESS_MS;
    }
}
