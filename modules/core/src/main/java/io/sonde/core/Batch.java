package io.sonde.core;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What one request says of one source: the unit that travels the bus, is asked of the entity and is journalled.
 *
 * @param recvTsMs when the edge received it, at the edge's clock, epoch ms; decides lateness for ever
 * @param attributes what the source says of itself (its newest sample's word), may be empty
 * @param replay put back by hand from the dead letters: for a sealed window it is late, not a duplicate
 */
public record Batch(
        SourceId source, long recvTsMs, Map<String, String> attributes, List<Sample> samples, boolean replay) {
    public Batch {
        Objects.requireNonNull(source);
        attributes = Map.copyOf(attributes);
        samples = List.copyOf(samples);
    }

    public Batch with(List<Sample> kept) {
        return new Batch(source, recvTsMs, attributes, kept, replay);
    }
}
