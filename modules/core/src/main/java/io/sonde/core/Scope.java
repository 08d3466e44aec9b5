package io.sonde.core;

import java.util.Locale;

/** What a token may do; {@link #ADMIN} includes the others. */
public enum Scope {
    INGEST,
    READ,
    ADMIN;

    /** As in tokens and answers: {@code ingest}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
