package io.sonde.probe;

import java.time.Duration;

/** How long to wait before the next attempt: at random, up to an end that doubles, so that probes do not come back at once. */
record Backoff(Duration least, Duration most) {
    /** A node that limits the rate and asks for more is asked again after this. */
    static final Duration OBEDIENCE = Duration.ofMinutes(15);

    private static final int DOUBLINGS = 30;

    /**
     * @param attempt 1 after the first failure
     * @param chance of 0 to 1
     */
    Duration delay(int attempt, double chance) {
        double first = (double) least.toNanos();
        double end = Math.min((double) most.toNanos(), first * (1 << Math.min(attempt, DOUBLINGS)));
        return Duration.ofNanos((long) (first + chance * Math.max(0, end - first)));
    }

    /** Of a node that limits this probe's rate: never sooner than it asks. */
    Duration obeying(Duration asked, double chance) {
        Duration wait = asked.compareTo(OBEDIENCE) > 0 ? OBEDIENCE : asked;
        // Everyone was told the same number; the jitter goes on top.
        return wait.plusNanos((long) (chance * least.toNanos()));
    }

    /** Of a node, or what is before it, that is away: it cannot know for how long, and events become late meanwhile. */
    Duration heeding(Duration asked, double chance) {
        Duration wait = obeying(asked, chance);
        return wait.compareTo(most) <= 0 ? wait : Duration.ofNanos((long) ((1 + chance) / 2 * most.toNanos()));
    }
}
