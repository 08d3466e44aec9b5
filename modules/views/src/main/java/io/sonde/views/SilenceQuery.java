package io.sonde.views;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which silences are asked for: those of which some part lies in the span, the last to end first.
 *
 * @param source one whose problems they are about, null for any
 * @param target likewise
 * @param label likewise
 * @param toMs exclusive, epoch ms
 * @param nowMs what {@code state} is judged by, epoch ms
 * @param after the last silence of the page before, null for the first page
 */
public record SilenceQuery(
        String tenant,
        @Nullable String source,
        @Nullable String target,
        @Nullable String label,
        State state,
        long fromMs,
        long toMs,
        long nowMs,
        @Nullable Key after,
        int limit) {
    public SilenceQuery {
        Objects.requireNonNull(tenant);
        Objects.requireNonNull(state);
    }

    /** Whether it holds now, will, or has ended. */
    public enum State {
        ACTIVE,
        PENDING,
        ACTIVE_OR_PENDING,
        EXPIRED,
        ANY
    }

    /** Where a silence is in the list. */
    public record Key(long untilMs, String id) {
        public Key {
            Objects.requireNonNull(id);
        }
    }
}
