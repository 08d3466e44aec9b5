package io.sonde.core;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Windows of one source and one start that have ended. Handed over again until confirmed, and again with a higher
 * {@link WindowAggregate#revision()} when late-but-allowed events came.
 *
 * @param traces of events in these windows, as far as they are followed and are known to who hands over
 */
public record ClosedWindows(
        SourceId source,
        long startMs,
        Map<String, String> attributes,
        List<WindowAggregate> windows,
        List<TraceContext> traces) {
    public ClosedWindows {
        Objects.requireNonNull(source);
        attributes = Map.copyOf(attributes);
        windows = List.copyOf(windows);
        traces = List.copyOf(traces);
    }

    /** Those that are not followed. */
    public ClosedWindows(SourceId source, long startMs, Map<String, String> attributes, List<WindowAggregate> windows) {
        this(source, startMs, attributes, windows, List.of());
    }

    public ClosedWindows traced(List<TraceContext> followed) {
        return followed.isEmpty() && traces.isEmpty()
                ? this
                : new ClosedWindows(source, startMs, attributes, windows, followed);
    }
}
