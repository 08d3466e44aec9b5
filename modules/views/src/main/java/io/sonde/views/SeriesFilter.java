package io.sonde.views;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which series are asked for.
 *
 * @param source null for any
 * @param target null for any
 */
public record SeriesFilter(String tenant, String kind, @Nullable String source, @Nullable String target) {
    public SeriesFilter {
        Objects.requireNonNull(tenant);
        Objects.requireNonNull(kind);
    }
}
