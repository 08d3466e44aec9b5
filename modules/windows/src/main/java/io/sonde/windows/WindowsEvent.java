package io.sonde.windows;

import io.sonde.core.Batch;
import java.util.Objects;

/** What the journal of open windows holds. */
sealed interface WindowsEvent {
    void applyTo(Windows windows);

    /** Newly accepted samples with their ids: recognising a duplicate and counting an event are this one write. */
    record SamplesAccepted(Batch batch) implements WindowsEvent {
        public SamplesAccepted {
            Objects.requireNonNull(batch);
        }

        @Override
        public void applyTo(Windows windows) {
            windows.count(batch);
        }
    }

    /**
     * Windows that start before {@code beforeMs} are handed over for good and forgotten.
     *
     * @param noneOpen true when that leaves no window open: the source may rest until it sends again
     */
    record WindowsSealed(long beforeMs, boolean noneOpen) implements WindowsEvent {
        @Override
        public void applyTo(Windows windows) {
            windows.forget(beforeMs);
        }
    }
}
