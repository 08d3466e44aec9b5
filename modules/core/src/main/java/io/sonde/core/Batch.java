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
 * @param traces which of the samples are followed, at most {@value TraceContext#MOST}, of different traces; never
 *     journalled
 */
public record Batch(
        SourceId source,
        long recvTsMs,
        Map<String, String> attributes,
        List<Sample> samples,
        boolean replay,
        List<Traced> traces) {
    public Batch {
        Objects.requireNonNull(source);
        attributes = Map.copyOf(attributes);
        samples = List.copyOf(samples);
        traces = List.copyOf(traces);
    }

    /** One that is not followed. */
    public Batch(SourceId source, long recvTsMs, Map<String, String> attributes, List<Sample> samples, boolean replay) {
        this(source, recvTsMs, attributes, samples, replay, List.of());
    }

    /** Only some of its samples, and not followed. */
    public Batch with(List<Sample> kept) {
        return kept.size() == samples.size() && traces.isEmpty()
                ? this
                : new Batch(source, recvTsMs, attributes, kept, replay);
    }

    public Batch traced(List<Traced> followed) {
        return followed.isEmpty() && traces.isEmpty()
                ? this
                : new Batch(source, recvTsMs, attributes, samples, replay, followed);
    }

    /** The same batch after a step of its traces. */
    public Batch after(Tracing.Step step) {
        return traces.isEmpty() ? this : traced(Traced.after(step, traces));
    }

    /** Of the traces. */
    public List<TraceContext> contexts() {
        return traces.isEmpty()
                ? List.of()
                : traces.stream().map(Traced::context).toList();
    }
}
