package io.sonde.core;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/**
 * An incident that goes on.
 *
 * @param onsetMs start of its first window, epoch ms
 * @param severity of its worst window
 * @param evidence of its worst window
 * @param measured whether windows of the series still come: only then it tells of the side at fault
 * @param targetsOfSource how many targets its source measures these days, its own among them
 * @param sourcesOfTarget how many sources measure its target
 */
public record OpenIncident(
        String id,
        SeriesId series,
        String label,
        long onsetMs,
        double severity,
        List<Evidence> evidence,
        boolean measured,
        int targetsOfSource,
        int sourcesOfTarget) {
    /** What goes on now, in all tenants. */
    @FunctionalInterface
    public interface Lookout {
        CompletionStage<List<OpenIncident>> now();
    }

    public OpenIncident {
        Objects.requireNonNull(id);
        Objects.requireNonNull(series);
        Objects.requireNonNull(label);
        evidence = List.copyOf(evidence);
    }
}
