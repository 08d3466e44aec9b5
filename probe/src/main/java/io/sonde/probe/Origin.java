package io.sonde.probe;

import java.util.List;
import java.util.Objects;

/**
 * Where events come from.
 *
 * @param clientId that the token is for; the queue may hold events of an earlier one
 */
record Origin(String clientId) {
    Origin {
        Objects.requireNonNull(clientId);
    }

    /** How many of the first events were measured under another client id. */
    int leadingStrangers(List<String> events) {
        return (int) events.stream()
                .takeWhile(event -> !EventJson.isOf(clientId, event))
                .count();
    }
}
