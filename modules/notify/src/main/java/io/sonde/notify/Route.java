package io.sonde.notify;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who is told of what looks like this.
 *
 * @param patterns by name of what they are held against; what has none may be anything
 */
public record Route(Map<String, Pattern> patterns, List<String> channels) {
    static final List<String> ASPECTS = List.of("tenant", "kind", "label", "source", "target");

    public Route {
        patterns = Map.copyOf(patterns);
        channels = List.copyOf(channels);
    }

    /** Where {@code *} is any text, the empty one too, and everything else itself. */
    static Pattern glob(String text) {
        return Pattern.compile(
                Arrays.stream(text.split("\\*+", -1)).map(Pattern::quote).collect(Collectors.joining(".*")),
                Pattern.DOTALL);
    }

    boolean isFor(Map<String, String> what) {
        return patterns.entrySet().stream().allMatch(entry -> matches(entry.getValue(), what.get(entry.getKey())));
    }

    /** What a problem's incidents do not have in common is matched by {@code *} alone. */
    private static boolean matches(Pattern pattern, @Nullable String text) {
        return pattern.matcher(text == null ? "" : text).matches();
    }
}
