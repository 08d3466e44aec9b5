package io.sonde.views;

import java.util.List;
import java.util.Objects;

/**
 * Which values of one series are merged: those of whole windows, from the one that holds {@code fromMs} to the last that
 * starts before {@code toMs}; both are rounded to the edges of windows.
 *
 * @param series of one source and one target
 * @param measure its index in the kind
 */
public record DistributionQuery(SeriesFilter series, int measure, long fromMs, long toMs) {
    public static final int MOST_STEPS = 300;

    /** Lengths of a step that people know, ms; each is made of whole windows of every shorter one. */
    private static final List<Long> STEPS_MS =
            List.of(1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880).stream()
                    .map(minutes -> minutes * Resolution.MINUTE.lengthMs())
                    .toList();
    /** Beyond, more rows would be read than it takes to draw them. */
    private static final long LONGEST_OF_MINUTES_MS = 2 * Resolution.DAY.lengthMs();

    public DistributionQuery {
        Objects.requireNonNull(series);
        Objects.requireNonNull(series.source());
        Objects.requireNonNull(series.target());
        if (toMs <= fromMs || toMs - fromMs > Resolution.DAY.longestSpan().toMillis() + Resolution.DAY.lengthMs()) {
            throw new IllegalArgumentException("from " + fromMs + " to " + toMs + " is not a span of 1 ms to "
                    + Resolution.DAY.longestSpan().toDays() + " d");
        }
        Resolution windows = resolution(toMs - fromMs);
        fromMs = windows.startOf(fromMs);
        toMs = windows.endBefore(toMs);
    }

    /** Of which windows it is merged: at most 2,881 minutes, 2,209 hours or 401 days. */
    public Resolution resolution() {
        return resolution(toMs - fromMs);
    }

    /** How long each step is: as short as it can be with at most {@value #MOST_STEPS} of them. */
    public long stepMs() {
        for (long stepMs : STEPS_MS) {
            if (stepMs >= resolution().lengthMs() && steps(stepMs) <= MOST_STEPS) {
                return stepMs;
            }
        }
        return STEPS_MS.get(STEPS_MS.size() - 1);
    }

    private long steps(long stepMs) {
        return Math.floorDiv(toMs - 1, stepMs) - Math.floorDiv(fromMs, stepMs) + 1;
    }

    /** The same before and after rounding, which adds less than two windows. */
    private static Resolution resolution(long spanMs) {
        if (spanMs < LONGEST_OF_MINUTES_MS + 2 * Resolution.MINUTE.lengthMs()) {
            return Resolution.MINUTE;
        }
        return spanMs < Resolution.HOUR.longestSpan().toMillis() + 2 * Resolution.HOUR.lengthMs()
                ? Resolution.HOUR
                : Resolution.DAY;
    }
}
