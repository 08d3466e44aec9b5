package io.sonde.views;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which problems are asked for: those that went on at some time in the span, the latest first.
 *
 * @param source one of its incidents is of, null for any
 * @param target likewise
 * @param incident its id, null for any
 * @param label null for any
 * @param open whether it goes on, null for either
 * @param toMs exclusive, epoch ms
 * @param after the last problem of the page before, null for the first page
 */
public record ProblemQuery(
        String tenant,
        String kind,
        @Nullable String source,
        @Nullable String target,
        @Nullable String incident,
        @Nullable String label,
        @Nullable Boolean open,
        long fromMs,
        long toMs,
        @Nullable Key after,
        int limit) {
    public ProblemQuery {
        Objects.requireNonNull(tenant);
        Objects.requireNonNull(kind);
    }

    /** Where a problem is in the list. */
    public record Key(long startedMs, String id) {
        public Key {
            Objects.requireNonNull(id);
        }
    }
}
