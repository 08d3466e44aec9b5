package io.sonde.core;

import java.util.Locale;

/** Why one event is refused. */
public enum Refusal {
    MALFORMED,
    MISSING_FIELD,
    INVALID_FIELD,
    UNKNOWN_SCHEMA_VERSION,
    CLOCK_SKEW,
    FOREIGN_CLIENT,
    TOO_MANY_TARGETS,
    /** The journal cannot take it, whatever it looked like at the edge. */
    UNRECORDABLE;

    /** As in answers and counters: {@code clock_skew}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
