package io.sonde.core;

import java.util.Locale;

/** What a token may do. */
public enum Scope {
    /** Post events. */
    INGEST,
    /** Ask. */
    READ,
    /** Ask, take problems on, and keep people from being told. */
    OPERATE,
    /** Everything. */
    ADMIN;

    public boolean includes(Scope other) {
        return this == other || this == ADMIN || (this == OPERATE && other == READ);
    }

    /** As in tokens and answers: {@code ingest}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
