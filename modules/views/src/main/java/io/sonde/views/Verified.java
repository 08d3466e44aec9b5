package io.sonde.views;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a verification came to.
 *
 * @param span windows that start in it were compared
 * @param events of the journal of closed windows that were read; those not copied yet are not among them
 * @param notCopied events that the projections have not reached yet
 * @param behind true when the projections did not reach in time what was journalled when the verification began
 * @param windows minutes that were compared
 * @param incidents that began in the span and were compared
 * @param rollups hours and days that were compared
 * @param overviews minutes, hours and days of all series together that were compared
 * @param differences how many of each kind; no entry for a kind without
 * @param first the first differences found, not more than were asked for
 */
public record Verified(
        Span span,
        long events,
        long notCopied,
        boolean behind,
        long windows,
        long incidents,
        long rollups,
        long overviews,
        Map<Difference.Kind, Long> differences,
        List<Difference> first) {
    public Verified {
        Map<Difference.Kind, Long> inOrder = new EnumMap<>(Difference.Kind.class);
        inOrder.putAll(differences);
        differences = Collections.unmodifiableMap(inOrder);
        first = List.copyOf(first);
    }

    public boolean same() {
        return differences.isEmpty();
    }
}
