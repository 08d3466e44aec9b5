package io.sonde.views;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Part of the list of series, by source and target in the order of their code points.
 *
 * @param after the last series of the page before, null for the first page
 */
public record SeriesQuery(SeriesFilter series, @Nullable Key after, int limit) {
    public SeriesQuery {
        Objects.requireNonNull(series);
    }

    /** Where a series is in the list. */
    public record Key(String source, String target) {
        public Key {
            Objects.requireNonNull(source);
            Objects.requireNonNull(target);
        }
    }
}
