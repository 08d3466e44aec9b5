package io.sonde.app.node;

import static io.sonde.app.node.StreamReader.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.Config;
import io.sonde.testkit.PostgresServer;
import io.sonde.testkit.SondeClient;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Readers at two nodes of a cluster; sources and the slices of their journal lie on both. */
class StreamClusterIT {
    private static final int CLIENTS = 60;

    private final PostgresServer.Database database = PostgresServer.shared().newDatabase();
    private final String token = TestNode.adminToken(database);
    private final SondeClient sonde = new SondeClient(database.dataSource(), token);

    @Test
    void eachNodeTellsWhatClosesOnAnyAndOneThatStopsSendsItsReadersToAnother() throws Exception {
        int port = freePort();
        try (Node first = Node.start(config(port, port));
                StreamReader atFirst = StreamReader.open(first, token)) {
            StreamReader atSecond = untilItStops(first, atFirst, config(freePort(), port));

            assertThat(atSecond.ended.get(10, TimeUnit.SECONDS)).isEqualTo(1001);
            assertThat(atFirst.ended).isNotDone();
        }
    }

    private StreamReader untilItStops(Node first, StreamReader atFirst, Config config) throws Exception {
        try (Node second = Node.start(config)) {
            StreamReader atSecond = StreamReader.open(second, token);
            atFirst.subscribe("w", "windows", "");
            atSecond.subscribe("w", "windows", "");
            // What closes before all nodes know that somebody listens is not told: one is sent until it is.
            knowsOfEach(first, atFirst);
            knowsOfEach(first, atSecond);

            post(first, "c-");

            Set<String> all =
                    IntStream.range(0, CLIENTS).mapToObj(i -> "c-" + i).collect(Collectors.toCollection(TreeSet::new));
            await().atMost(SOON).until(() -> clients(atFirst, "c-").equals(all));
            await().atMost(SOON).until(() -> clients(atSecond, "c-").equals(all));
            return atSecond;
        }
    }

    private void knowsOfEach(Node node, StreamReader reader) {
        String prefix = "known-" + UUID.randomUUID() + "-";
        await().atMost(SOON).until(() -> {
            post(node, prefix);
            return clients(reader, prefix).size() == CLIENTS;
        });
    }

    private void post(Node node, String prefix) throws Exception {
        String events = IntStream.range(0, CLIENTS)
                .mapToObj(i ->
                        "{\"schema_version\":1,\"event_id\":\"%s\",\"client_id\":\"%s\",\"target\":\"http://a/\",\"ts_ms\":%d}"
                                .formatted(UUID.randomUUID(), prefix + i, System.currentTimeMillis() - 60_000))
                .collect(Collectors.joining(",", "[", "]"));
        assertThat(sonde.post("http://127.0.0.1:" + node.httpPort(), events).statusCode())
                .isIn(202, 503);
    }

    private static Set<String> clients(StreamReader reader, String prefix) {
        List<JsonNode> windows = reader.items("w");
        return windows.stream()
                .map(window -> window.path("client_id").asText())
                .filter(client -> client.startsWith(prefix))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Config config(int port, int seed) {
        return TestNode.config(
                database,
                Map.of(
                        "sonde.bus",
                        "direct",
                        "pekko.remote.artery.canonical.port",
                        port,
                        "pekko.cluster.seed-nodes",
                        List.of("pekko://sonde@127.0.0.1:" + seed)));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
