package io.sonde.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sonde.testkit.SondeClient;
import java.net.URI;
import java.util.List;

/**
 * The conservation counts of all nodes together, since they started: a node that is started again counts from nothing.
 *
 * @param underWay received and not accounted for; at rest no more than 0
 * @param twice what may have been counted on both sides: brought again by the bus, or taken though the sender was told 503
 */
record Conservation(long received, long deadLettered, long underWay, long twice) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param kind of the events, as the accounts are kept */
    static Conservation of(SondeClient sonde, List<URI> nodes, String kind) throws Exception {
        long received = 0;
        long deadLettered = 0;
        long underWay = 0;
        long twice = 0;
        for (URI node : nodes) {
            String body = sonde.get(node.toString(), "/api/v1/counters").body();
            for (JsonNode balance : JSON.readTree(body).path("conservation")) {
                if (balance.path("kind").asText().equals(kind)) {
                    received += balance.path("received").asLong();
                    deadLettered += balance.path("dead_lettered").asLong();
                    underWay += balance.path("under_way").asLong();
                    twice += balance.path("redelivered").asLong()
                            + balance.path("unavailable").asLong();
                }
            }
        }
        return new Conservation(received, deadLettered, underWay, twice);
    }

    /**
     * Nothing lost, and nothing there that never came: both sides are equal unless something may have been counted twice.
     *
     * @param pastTheEdge events that a test put on the bus itself, where nobody counts them as received
     */
    boolean holds(long pastTheEdge) {
        long tooMuch = -underWay - pastTheEdge;
        return received > 0 && tooMuch >= 0 && tooMuch <= twice;
    }
}
