package io.sonde.views;

import java.time.Duration;
import java.util.Objects;

/**
 * How everything went that a tenant measures of a kind: of whole steps, the first of which holds {@code fromMs} and the last of
 * which begins before {@code toMs}.
 *
 * @param stepMs how long a step is; steps begin on multiples of it
 */
public record OverviewQuery(String tenant, String kind, long fromMs, long toMs, long stepMs) {
    public static final Duration USUAL = Duration.ofHours(1);
    public static final Duration LONGEST = Duration.ofDays(800);

    private static final long MOST_STEPS = 240;
    /** Of the rows that are read. */
    private static final long MOST_PARTS = 24 * 60;

    /** In minutes: 1, 2, 5, 10; 1 h, 3 h, 6 h; 1 d, 2 d, 4 d. */
    private static final long[] STEPS = {1, 2, 5, 10, 60, 180, 360, 1_440, 2_880, 5_760};

    public OverviewQuery {
        Objects.requireNonNull(tenant);
        Objects.requireNonNull(kind);
        if (toMs <= fromMs || stepMs <= 0) {
            throw new IllegalArgumentException("from " + fromMs + " to " + toMs + " by " + stepMs);
        }
        fromMs = Math.floorDiv(fromMs, stepMs) * stepMs;
        toMs = Math.floorDiv(toMs - 1, stepMs) * stepMs + stepMs;
    }

    /** By the shortest step of which there are some 240 at most. */
    public static OverviewQuery of(String tenant, String kind, long fromMs, long toMs) {
        for (long minutes : STEPS) {
            long stepMs = minutes * Resolution.MINUTE.lengthMs();
            boolean few = toMs - fromMs <= MOST_STEPS * stepMs;
            if (few && toMs - fromMs <= MOST_PARTS * parts(stepMs).lengthMs()) {
                return new OverviewQuery(tenant, kind, fromMs, toMs, stepMs);
            }
        }
        throw new IllegalArgumentException("from " + fromMs + " to " + toMs + " is longer than " + LONGEST);
    }

    /** By steps that need no minutes. */
    OverviewQuery ofHours() {
        return new OverviewQuery(tenant, kind, fromMs, toMs, Math.max(stepMs, Resolution.HOUR.lengthMs()));
    }

    /** The longest windows of which the steps can be made. */
    Resolution parts() {
        return parts(stepMs);
    }

    long stepOf(long tsMs) {
        return Math.floorDiv(tsMs, stepMs) * stepMs;
    }

    private static Resolution parts(long stepMs) {
        if (stepMs % Resolution.DAY.lengthMs() == 0) {
            return Resolution.DAY;
        }
        return stepMs % Resolution.HOUR.lengthMs() == 0 ? Resolution.HOUR : Resolution.MINUTE;
    }
}
