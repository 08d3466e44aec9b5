package io.sonde.testkit;

import io.sonde.core.WindowAggregate;
import java.util.List;
import java.util.Objects;

/**
 * One series with what is true of it.
 *
 * @param windows by time; minutes in which nothing was measured are missing
 * @param truths what limits it and when; they may overlap
 */
public record Labelled(List<WindowAggregate> windows, List<Truth> truths) {
    public Labelled {
        windows = List.copyOf(windows);
        truths = List.copyOf(truths);
    }

    /**
     * From one minute until before another something limits the series.
     *
     * @param label as the rules should say it
     * @param fromMs start of a window, epoch ms
     * @param toMs likewise
     */
    public record Truth(String label, long fromMs, long toMs) {
        public Truth {
            Objects.requireNonNull(label);
            if (toMs <= fromMs) {
                throw new IllegalArgumentException(label + " from " + fromMs + " to " + toMs);
            }
        }
    }
}
