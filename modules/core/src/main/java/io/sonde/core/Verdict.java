package io.sonde.core;

import java.util.Objects;

/** What a rule says of a window. */
public record Verdict(String label) {
    public Verdict {
        Objects.requireNonNull(label);
    }
}
