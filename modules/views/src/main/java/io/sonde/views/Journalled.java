package io.sonde.views;

import java.util.Objects;

/** A row of the journal of closed windows, read. */
record Journalled(JournalOffset offset, Diagnosed diagnosed) {
    Journalled {
        Objects.requireNonNull(offset);
        Objects.requireNonNull(diagnosed);
    }
}
