package io.sonde.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sonde.testkit.FaultProxy;
import io.sonde.testkit.NatsServer;
import io.sonde.testkit.NodeProcess;
import io.sonde.testkit.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Three nodes that reach PostgreSQL and NATS all the time and one of which is cut off from the other two. Each has a
 * loopback address of its own and a proxy before its port, so that who is cut off from whom can be told.
 */
class PartitionIT {
    private static final int NODES = 3;
    private static final int FIRST_SEED = 0;
    /** A row for each time that another instance of a source went on writing; fewer instances than rows means two at once. */
    private static final String WRITTEN_BY_TWO =
            """
            SELECT count(*) FROM (
                SELECT persistence_id
                FROM (SELECT persistence_id, writer,
                             lag(writer) OVER (PARTITION BY persistence_id ORDER BY sequence_number) AS before
                      FROM JOURNAL) written
                GROUP BY persistence_id
                HAVING count(*) FILTER (WHERE writer IS DISTINCT FROM before) > count(DISTINCT writer)) interleaved
            """;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder = Path.of("set by JUnit");

    private final PostgresServer.Database database = PostgresServer.shared().newDatabase();
    private final List<FaultProxy> proxies = new ArrayList<>();
    private final List<Integer> bounds = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = {FIRST_SEED, 2})
    void p21TheSmallerSideEndsItselfAndNoSourceIsWrittenByTwo(int lone) throws Exception {
        try (NatsServer nats = NatsServer.start();
                Nodes nodes = Nodes.start(folder, database, NODES, settings(nats), this::network);
                Proof proof = Proof.start(database, nodes.urls())) {
            proof.awaitTaken(60);
            cutOff(lone);
            await("the node that is alone ends itself")
                    .atMost(Duration.ofSeconds(90))
                    .until(() -> !nodes.get(lone).isAlive());
            proof.awaitRecovered();
            assertThat(nodes.get((lone + 1) % NODES).isAlive()).isTrue();
            assertThat(nodes.get((lone + 2) % NODES).isAlive()).isTrue();
            assertThatThrownBy(() -> nodes.restart(lone))
                    .as("cut off as it is, it founds no cluster of its own")
                    .hasMessageContaining("no seed node of pekko.cluster.seed-nodes answered");
            assertThat(proof.awaitRecovered()).isPositive();
            for (FaultProxy proxy : proxies) {
                proxy.resume();
            }
            nodes.restart(lone);
            proof.awaitTaken(60);

            proof.finish("04 partition, node " + (lone + 1) + " against the two others, JetStream");
            assertThat(interleaved("windows_event")).isZero();
            assertThat(interleaved("diagnosis_event")).isZero();
        } finally {
            for (FaultProxy proxy : proxies) {
                proxy.close();
            }
        }
    }

    private Map<String, String> settings(NatsServer nats) {
        Map<String, String> settings = new HashMap<>(Nodes.jetStream(nats.url()));
        settings.put("sonde.windows.snapshot-every", "1000000"); // or what was written would be deleted
        return settings;
    }

    /** Node i is known to the others as 127.0.1.(i+1), where its proxy listens, and comes from there. */
    private Map<String, String> network(int node, int port) {
        try {
            if (proxies.size() == node) {
                int bound = NodeProcess.freePort();
                proxies.add(FaultProxy.between(
                        new InetSocketAddress(address(node), port),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), bound)));
                bounds.add(bound);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.of(
                "pekko.remote.artery.canonical.hostname",
                "\"" + host(node) + "\"",
                "pekko.remote.artery.bind.hostname",
                "\"127.0.0.1\"",
                "pekko.remote.artery.bind.port",
                Integer.toString(bounds.get(node)),
                "pekko.remote.artery.advanced.tcp.outbound-client-hostname",
                "\"" + host(node) + "\"");
    }

    private void cutOff(int lone) throws IOException {
        for (int other = 0; other < NODES; other++) {
            if (other != lone) {
                proxies.get(other).cutFrom(address(lone));
                proxies.get(lone).cutFrom(address(other));
            }
        }
    }

    private long interleaved(String table) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(WRITTEN_BY_TWO.replace("JOURNAL", table))) {
            row.next();
            return row.getLong(1);
        }
    }

    static String host(int node) {
        return "127.0.1." + (node + 1);
    }

    private static InetAddress address(int node) throws IOException {
        return InetAddress.getByName(host(node));
    }
}
