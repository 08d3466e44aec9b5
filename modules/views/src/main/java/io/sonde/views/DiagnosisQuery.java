package io.sonde.views;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which minutes of which a verdict holds are asked for: those that start in the span, the latest first.
 *
 * @param label of the window, null for any
 * @param toMs exclusive, epoch ms
 * @param after the last window of the page before, null for the first page
 */
public record DiagnosisQuery(
        SeriesFilter series, @Nullable String label, long fromMs, long toMs, @Nullable Position after, int limit) {
    public DiagnosisQuery {
        Objects.requireNonNull(series);
    }
}
