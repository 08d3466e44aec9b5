package io.sonde.views;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One part of the upkeep, as it last went.
 *
 * @param node that did it
 * @param startedMs epoch ms
 * @param tookMs null while it goes on, and when it was killed
 * @param partitions made or dropped
 * @param rows deleted one by one
 * @param bytes of both
 * @param error what it failed with, null when it did not
 * @param lastDoneMs when one last began that was done, epoch ms; null when none ever was
 */
public record UpkeepRun(
        String what,
        String node,
        long startedMs,
        @Nullable Long tookMs,
        int partitions,
        long rows,
        long bytes,
        Outcome outcome,
        @Nullable String error,
        @Nullable Long lastDoneMs) {
    /** Stored by name. */
    public enum Outcome {
        RUNNING,
        DONE,
        FAILED,
        /** Its node did not live to say how it went. */
        KILLED
    }

    public UpkeepRun {
        Objects.requireNonNull(what);
        Objects.requireNonNull(node);
        Objects.requireNonNull(outcome);
    }
}
