package io.sonde.app.probes;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client that has posted, has asked for its configuration, or has been given one.
 *
 * @param attributes JSON, what it said of itself with its newest window
 * @param lastWindow the start of its newest window, null when it has none
 * @param asked null when it has never asked
 * @param configured null when there is neither one of its own nor a default
 */
record Probe(
        String clientId,
        String attributes,
        @Nullable Instant lastWindow,
        @Nullable Asked asked,
        @Nullable Configured configured) {
    Probe {
        Objects.requireNonNull(clientId);
        Objects.requireNonNull(attributes);
    }

    /**
     * What a probe says when it asks.
     *
     * @param version empty when it does not say
     * @param applied the ETag of what it measures, null when that is its own settings
     */
    record Asked(String version, @Nullable String applied, Instant at) {}

    /**
     * What it is told to measure, in short.
     *
     * @param of the client it was made for, or {@link ProbeConfig#DEFAULT}
     * @param targets how many
     * @param first some of them
     * @param interval null when that is the probe's own
     */
    record Configured(
            String of,
            String etag,
            int targets,
            List<String> first,
            @Nullable String interval,
            Instant changedAt,
            String changedBy) {
        Configured {
            first = List.copyOf(first);
        }
    }

    /** Whether it measures what it is told, {@code own} when it is told nothing and {@code never} when it does not ask. */
    String state() {
        if (asked == null) {
            return configured == null ? "own" : "never";
        }
        if (configured == null) {
            return asked.applied() == null ? "own" : "pending";
        }
        return configured.etag().equals(asked.applied()) ? "applied" : "pending";
    }
}
