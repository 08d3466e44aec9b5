package io.sonde.views;

import io.sonde.core.SeriesId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One thing in which the journals and the read side do not agree.
 *
 * @param series whose windows they are; null for a journal or an overview
 * @param startMs of the window, or the onset of the incident, epoch ms; null likewise
 * @param detail in words
 */
public record Difference(Kind kind, @Nullable SeriesId series, @Nullable Long startMs, String detail) {
    public Difference {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(detail);
    }

    public enum Kind {
        MISSING_ROW("missing-row"),
        DIFFERENT_ROW("different-row"),
        ROW_WITHOUT_EVENT("row-without-event"),
        MISSING_ROLLUP("missing-rollup"),
        DIFFERENT_ROLLUP("different-rollup"),
        ROLLUP_WITHOUT_ROWS("rollup-without-rows"),
        MISSING_INCIDENT("missing-incident"),
        DIFFERENT_INCIDENT("different-incident"),
        INCIDENT_WITHOUT_EVENT("incident-without-event"),
        JOURNAL_GAP("journal-gap");

        private final String code;

        Kind(String code) {
            this.code = code;
        }

        /** As it is printed: {@code missing-row}. */
        public String code() {
            return code;
        }
    }
}
