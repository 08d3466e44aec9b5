package io.sonde.views;

import io.sonde.core.Minute;
import java.time.Duration;
import java.util.Objects;

/**
 * Which series are the worst by p95 of a measure: of the minutes from the one that holds {@code fromMs} to the last that
 * starts before {@code toMs}. Both are rounded to whole minutes.
 *
 * @param measure which of the kind's
 * @param lowest whether low values are the bad ones
 */
public record WorstQuery(SeriesFilter series, int measure, boolean lowest, long fromMs, long toMs, int limit) {
    public static final int MOST = 100;
    public static final Duration LONGEST = Duration.ofHours(1);
    public static final Duration USUAL = Duration.ofMinutes(15);

    public WorstQuery {
        Objects.requireNonNull(series);
        // The longest time there is may cut two minutes, and they are given whole.
        if (toMs <= fromMs || toMs - fromMs > LONGEST.toMillis() + Minute.LENGTH_MS) {
            throw new IllegalArgumentException(
                    "from " + fromMs + " to " + toMs + " is not a time of 1 ms to " + LONGEST.toMinutes() + " min");
        }
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("limit " + limit + " is not within 1 to " + MOST);
        }
        fromMs = Resolution.MINUTE.startOf(fromMs);
        toMs = Resolution.MINUTE.endBefore(toMs);
    }

    /** Whether one is worse than the other; of equals the one with the lower number of its series. */
    int compare(double p95, long series, double otherP95, long otherSeries) {
        int order = lowest ? Double.compare(p95, otherP95) : Double.compare(otherP95, p95);
        return order != 0 ? order : Long.compare(series, otherSeries);
    }
}
