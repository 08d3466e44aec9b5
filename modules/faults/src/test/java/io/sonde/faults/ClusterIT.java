package io.sonde.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sonde.testkit.Expected;
import io.sonde.testkit.NatsServer;
import io.sonde.testkit.NodeProcess;
import io.sonde.testkit.PostgresServer;
import io.sonde.testkit.Sent;
import io.sonde.testkit.SondeClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes in JVMs of their own, on one PostgreSQL and one NATS. */
class ClusterIT {
    private static final long SEED = 7;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder = Path.of("set by JUnit");

    @Test
    void whatIsPostedThroughBothNodesIsCountedOnceAndOneIsEnoughToGoOn() throws Exception {
        PostgresServer.Database database = PostgresServer.shared().newDatabase();
        SondeClient sonde = new SondeClient(database.dataSource(), AdminToken.of(database));
        Random random = new Random(SEED);
        // Of two nodes the resolver keeps the one with the lower address: the other is killed.
        List<Integer> ports = List.of(NodeProcess.freePort(), NodeProcess.freePort()).stream()
                .sorted()
                .toList();
        try (NatsServer nats = NatsServer.start()) {
            CompletableFuture<NodeProcess> starting =
                    CompletableFuture.supplyAsync(() -> start("node1", ports.get(0), ports, database, nats));
            try (NodeProcess node2 = start("node2", ports.get(1), ports, database, nats);
                    NodeProcess node1 = starting.get()) {
                List<Sent> before = Sent.random(random, 2_000, lastMinute(), false);
                sonde.post(before, List.of(node1.url(), node2.url()), random);
                sonde.post(before.subList(0, 1_000), List.of(node2.url(), node1.url()), random);
                awaitRows(sonde, Expected.rows(before));

                node2.kill();
                List<Sent> after = Sent.random(random, 500, lastMinute(), false);
                sonde.post(after, List.of(node1.url()), random);
                List<Sent> all = new ArrayList<>(before);
                all.addAll(after);
                awaitRows(sonde, Expected.rows(all));

                assertThat(node1.stop()).as("node1 stops by itself").isTrue();
            }
        }
    }

    private static void awaitRows(SondeClient sonde, Map<String, Map<String, @Nullable Object>> expected)
            throws Exception {
        await().atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(sonde.totals()).isEqualTo(Expected.totals(expected)));
        assertThat(sonde.rows()).isEqualTo(expected);
    }

    private NodeProcess start(
            String name, int port, List<Integer> seeds, PostgresServer.Database database, NatsServer nats) {
        Map<String, String> settings = new HashMap<>();
        settings.put("sonde.bus", "jetstream");
        settings.put("sonde.http.port", "0");
        settings.put("sonde.nats.url", quoted(nats.url()));
        settings.put("sonde.database.url", quoted(database.url()));
        settings.put("sonde.database.user", database.user());
        settings.put("pekko.cluster.split-brain-resolver.stable-after", "5s");
        settings.put("pekko.remote.artery.canonical.port", Integer.toString(port));
        settings.put(
                "pekko.cluster.seed-nodes",
                seeds.stream()
                        .map(seed -> quoted("pekko://sonde@127.0.0.1:" + seed))
                        .toList()
                        .toString());
        try {
            return NodeProcess.start(folder, name, settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long lastMinute() {
        return System.currentTimeMillis() / 60_000 * 60_000 - 60_000;
    }

    private static String quoted(String value) {
        return "\"" + value + "\"";
    }
}
