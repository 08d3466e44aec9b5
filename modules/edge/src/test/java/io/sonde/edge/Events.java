package io.sonde.edge;

import io.sonde.qoe.NetworkContext;
import io.sonde.qoe.QoeEvent;
import io.sonde.qoe.QoeEventWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Events in JSON for tests of the edge. */
final class Events {
    static final long TS_MS = TestEdge.RECV_TS_MS - 1_000;

    private Events() {}

    static String event(String client, long tsMs) {
        var event = new QoeEvent(
                UUID.randomUUID(),
                client,
                "https://example.org/health",
                tsMs,
                new NetworkContext("wifi", false, null),
                3.1,
                11.2,
                18.9,
                45.7,
                null,
                null,
                null);
        String array = new String(QoeEventWriter.toJson(List.of(event)), StandardCharsets.UTF_8);
        return array.substring(1, array.length() - 1);
    }

    static String event(String client) {
        return event(client, TS_MS);
    }

    static String event() {
        return event("berlin-1");
    }

    static String array(String... events) {
        return "[" + String.join(",", events) + "]";
    }

    static String many(int n) {
        return Stream.generate(Events::event).limit(n).collect(Collectors.joining(",", "[", "]"));
    }
}
