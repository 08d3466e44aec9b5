package io.sonde.core;

import java.util.List;
import java.util.Objects;

/**
 * What a rule says of a window.
 *
 * @param label what limits it ({@code dns-bound})
 * @param grave far enough from what is usual to be told to people when it lasts
 * @param severity how far; comparable among verdicts of one label
 * @param evidence at least one number
 */
public record Verdict(String label, boolean grave, double severity, List<Evidence> evidence) {
    public Verdict {
        Objects.requireNonNull(label);
        evidence = List.copyOf(evidence);
        if (evidence.isEmpty()) {
            throw new IllegalArgumentException("a verdict without evidence: " + label);
        }
    }

    /** False of one that needs no baseline: a failure. */
    public boolean isAgainstBaseline() {
        return evidence.stream().anyMatch(one -> one.recent().isKnown());
    }
}
