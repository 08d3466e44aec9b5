package io.sonde.views;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which windows are asked for: whole ones, from the one that holds {@code fromMs} to the last that starts before
 * {@code toMs}, series by series, in each the oldest first. Both are rounded to the edges of windows; rounding them
 * again changes nothing.
 *
 * @param after the last window of the page before, null for the first page
 */
public record WindowQuery(
        SeriesFilter series, Resolution resolution, long fromMs, long toMs, @Nullable Position after, int limit) {
    public static final int MOST = 1_000;

    public WindowQuery {
        Objects.requireNonNull(series);
        Objects.requireNonNull(resolution);
        if (toMs <= fromMs || toMs - fromMs > longestMs(resolution)) {
            throw new IllegalArgumentException("from " + fromMs + " to " + toMs + " is not a span of 1 ms to "
                    + resolution.longestSpan().toDays() + " d");
        }
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("limit " + limit + " is not within 1 to " + MOST);
        }
        fromMs = resolution.startOf(fromMs);
        toMs = resolution.endBefore(toMs);
    }

    /** The longest span there is may cut two windows, and they are given whole. */
    private static long longestMs(Resolution resolution) {
        return resolution.longestSpan().toMillis() + resolution.lengthMs();
    }
}
