package io.sonde.notify;

import io.sonde.core.Glob;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who is told of what looks like this.
 *
 * @param patterns by name of what they are held against; what has none may be anything
 */
public record Route(Map<String, Glob> patterns, List<String> channels) {
    static final List<String> ASPECTS = List.of("tenant", "kind", "label", "source", "target");

    public Route {
        patterns = Map.copyOf(patterns);
        channels = List.copyOf(channels);
    }

    boolean isFor(Map<String, String> what) {
        return patterns.entrySet().stream().allMatch(entry -> matches(entry.getValue(), what.get(entry.getKey())));
    }

    /** What a problem's incidents do not have in common is matched by {@code *} alone. */
    private static boolean matches(Glob pattern, @Nullable String text) {
        return pattern.matches(text == null ? "" : text);
    }
}
