package io.sonde.views;

import io.sonde.core.Distribution;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a {@link WorstQuery}, the worst first.
 *
 * @param keptFromMs null; or since when it can be answered, epoch ms, where that is later than what was asked for: then
 *     there is no answer
 */
public record Worst(List<Series> series, @Nullable Long keptFromMs) {
    public Worst {
        series = List.copyOf(series);
    }

    /**
     * One series.
     *
     * @param measure of all its windows together
     * @param windows how many have a value
     * @param peakMs start of the window whose own p95 is the worst, the first of them
     */
    public record Series(
            long seriesId, String source, String target, Distribution measure, int windows, long peakMs, double peak) {
        public Series {
            Objects.requireNonNull(source);
            Objects.requireNonNull(target);
            Objects.requireNonNull(measure);
        }
    }
}
