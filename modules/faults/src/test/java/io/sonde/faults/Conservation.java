package io.sonde.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sonde.testkit.SondeClient;
import java.net.URI;
import java.util.List;

/**
 * The conservation counts of all nodes together, since they started.
 *
 * @param underWay received and not accounted for; at rest no more than 0
 * @param twice what may have been counted on both sides: brought again by the bus, or taken though the sender was told 503
 */
record Conservation(long received, long underWay, long twice) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Conservation of(SondeClient sonde, List<URI> nodes) throws Exception {
        long received = 0;
        long underWay = 0;
        long twice = 0;
        for (URI node : nodes) {
            String body = sonde.get(node.toString(), "/api/v1/counters").body();
            for (JsonNode balance : JSON.readTree(body).path("conservation")) {
                received += balance.path("received").asLong();
                underWay += balance.path("under_way").asLong();
                twice += balance.path("redelivered").asLong()
                        + balance.path("unavailable").asLong();
            }
        }
        return new Conservation(received, underWay, twice);
    }

    /** Nothing lost, and nothing there that never came. */
    boolean holds() {
        return received > 0 && underWay <= 0 && -underWay <= twice;
    }
}
