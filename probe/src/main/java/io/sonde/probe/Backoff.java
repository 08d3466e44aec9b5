package io.sonde.probe;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How long to wait before the next attempt: at random, up to an end that doubles, so that probes do not come back at once. */
record Backoff(Duration least, Duration most) {
    /** A node that asks for more is asked again after this. */
    static final Duration OBEDIENCE = Duration.ofMinutes(15);

    private static final int DOUBLINGS = 30;

    /**
     * @param attempt 1 after the first failure
     * @param retryAfter what the node asked for, never undercut, null when it did not
     * @param chance of 0 to 1
     */
    Duration delay(int attempt, @Nullable Duration retryAfter, double chance) {
        double first = (double) least.toNanos();
        double end = Math.min((double) most.toNanos(), first * (1 << Math.min(attempt, DOUBLINGS)));
        long own = (long) (first + chance * Math.max(0, end - first));
        if (retryAfter == null || retryAfter.isNegative()) {
            return Duration.ofNanos(own);
        }
        Duration asked = retryAfter.compareTo(OBEDIENCE) > 0 ? OBEDIENCE : retryAfter;
        // Everyone was told the same number; the jitter goes on top.
        return asked.plusNanos((long) (chance * least.toNanos()));
    }
}
