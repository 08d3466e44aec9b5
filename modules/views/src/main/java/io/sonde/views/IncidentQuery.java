package io.sonde.views;

import io.sonde.diagnosis.Incident;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which incidents are asked for: those that went on at some time in the span, the latest onset first.
 *
 * @param label null for any
 * @param state one of {@link #STATES}, null for any
 * @param toMs exclusive, epoch ms
 * @param after the last incident of the page before, null for the first page
 */
public record IncidentQuery(
        SeriesFilter series,
        @Nullable String label,
        @Nullable String state,
        long fromMs,
        long toMs,
        @Nullable Key after,
        int limit) {
    public static final List<String> STATES =
            Stream.of(Incident.State.values()).map(IncidentRow::code).toList();

    public IncidentQuery {
        Objects.requireNonNull(series);
    }

    /** Where an incident is in the list. */
    public record Key(long onsetMs, String id) {
        public Key {
            Objects.requireNonNull(id);
        }
    }
}
