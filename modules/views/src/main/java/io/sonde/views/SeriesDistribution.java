package io.sonde.views;

import io.sonde.core.Distribution;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One measure of one series over some time, merged: percentiles are those of all values together, never a mean of
 * percentiles.
 *
 * @param steps the time in parts of one length, the oldest first; those without a window are left out
 */
public record SeriesDistribution(Part whole, List<Part> steps) {
    public SeriesDistribution {
        steps = List.copyOf(steps);
    }

    /**
     * Some windows together.
     *
     * @param startMs epoch ms
     * @param total events counted
     * @param error those of them that failed
     */
    public record Part(long startMs, long total, long error, Distribution measure) {
        /** The nearest rank's value, within the error of {@link io.sonde.core.Summary}; {@code NaN} without values. */
        public double quantile(double q) {
            return Merging.quantile(measure.summary(), q, measure.min(), measure.max());
        }
    }

    /** @param windows in any order */
    static SeriesDistribution of(List<Part> windows, long startMs, long stepMs) {
        Map<Long, List<Part>> byStep = new TreeMap<>();
        for (Part window : windows) {
            long step = Math.floorDiv(window.startMs(), stepMs) * stepMs;
            byStep.computeIfAbsent(step, any -> new ArrayList<>()).add(window);
        }
        List<Part> steps = new ArrayList<>(byStep.size());
        byStep.forEach((step, of) -> steps.add(merged(step, of)));
        return new SeriesDistribution(merged(startMs, steps), steps);
    }

    private static Part merged(long startMs, List<Part> parts) {
        return new Part(
                startMs,
                parts.stream().mapToLong(Part::total).sum(),
                parts.stream().mapToLong(Part::error).sum(),
                Merging.merge(parts.stream().map(Part::measure).toList()));
    }
}
