package io.sonde.core;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Windows of one source and one start that have ended. Handed over again until confirmed, and again with a higher
 * {@link WindowAggregate#revision()} when late-but-allowed events came.
 */
public record ClosedWindows(
        SourceId source, long startMs, Map<String, String> attributes, List<WindowAggregate> windows) {
    public ClosedWindows {
        Objects.requireNonNull(source);
        attributes = Map.copyOf(attributes);
        windows = List.copyOf(windows);
    }
}
