package io.sonde.notify;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who is told of what: the first route that fits says it. */
public record Routes(List<Route> inOrder) {
    public Routes {
        inOrder = List.copyOf(inOrder);
    }

    /**
     * Names of channels; none when no route fits.
     *
     * @param source what all incidents have in common, or null
     * @param target likewise
     */
    public List<String> channelsOf(
            String tenant, String kind, String label, @Nullable String source, @Nullable String target) {
        Map<String, String> what = new HashMap<>(Map.of("tenant", tenant, "kind", kind, "label", label));
        if (source != null) {
            what.put("source", source);
        }
        if (target != null) {
            what.put("target", target);
        }
        return inOrder.stream()
                .filter(route -> route.isFor(what))
                .findFirst()
                .map(Route::channels)
                .orElse(List.of());
    }
}
