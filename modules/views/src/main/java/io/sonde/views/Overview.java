package io.sonde.views;

import io.sonde.core.Distribution;
import io.sonde.core.Judgement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The answer to an {@link OverviewQuery}.
 *
 * @param all of the whole time
 * @param steps those that have windows, in the order of time
 * @param completeUntilMs up to then everything that is stored is in it, epoch ms; from there on some may be missing
 * @param keptFromMs null; or since when there are overviews, epoch ms, where that is later than what was asked for
 * @param openProblems now
 * @param openIncidents now
 */
public record Overview(
        OverviewQuery asked,
        Part all,
        List<Part> steps,
        long completeUntilMs,
        @Nullable Long keptFromMs,
        long openProblems,
        long openIncidents) {
    public Overview {
        Objects.requireNonNull(asked);
        Objects.requireNonNull(all);
        steps = List.copyOf(steps);
    }

    /**
     * All windows of a time together.
     *
     * @param complete whether everything that is stored of it is in it
     * @param series that have a window there, each once; likewise their sources and targets
     * @param reasons the most frequent, by {@code stage index + ":" + reason}
     * @param score the mean of all events that have one, 0–100, or {@link Judgement#NO_SCORE}
     */
    public record Part(
            long startMs,
            boolean complete,
            long windows,
            int series,
            int sources,
            int targets,
            long success,
            List<Long> errors,
            Map<String, Long> reasons,
            int score,
            List<Distribution> measures) {
        public Part {
            errors = List.copyOf(errors);
            reasons = Map.copyOf(reasons);
            measures = List.copyOf(measures);
        }
    }
}
