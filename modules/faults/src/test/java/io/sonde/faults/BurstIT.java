package io.sonde.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.api.ConsumerInfo;
import io.sonde.bench.LedgerLoad;
import io.sonde.core.Batch;
import io.sonde.testkit.NatsServer;
import io.sonde.testkit.NodeProcess;
import io.sonde.testkit.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Far more than the load that a node is used to, for a minute. */
class BurstIT {
    private static final Duration BURST = Extent.seconds(10, 60);
    private static final LedgerLoad.Shape FLOOD = new LedgerLoad.Shape(64, 60, 4, 40, 0);
    /** One client a sender, with so many targets that its events of a minute do not run out. */
    private static final LedgerLoad.Shape TWENTYFOLD = new LedgerLoad.Shape(4, 1, 200, 40, 0);
    /** A sender waits a tenth of a second after each refusal: it offers 400 events/s. */
    private static final int EVENTS_PER_SECOND = 20;

    private static final int BUCKET = 100;
    private static final String STREAM = "telemetry-events";
    private static final String CONSUMER = "windows";
    /** Fewer than the senders, each of whom has one request under way, so that capacity is exceeded all the time. */
    private static final int MAX_IN_FLIGHT = 40;

    private static final int MAX_ACK_PENDING = 200;
    /** What is in hand before the bus and behind it, each also as the event that it becomes. */
    private static final long MOST_HELD = 2L * (MAX_IN_FLIGHT + MAX_ACK_PENDING);

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(3);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder = Path.of("set by JUnit");

    private final PostgresServer.Database database = PostgresServer.shared().newDatabase();

    @Test
    @SuppressWarnings("try") // its closing may be interrupted, as everything here may
    void p19ABurstMakesALagThatReturnsToZeroAndQueuesStayBounded() throws Exception {
        try (NatsServer nats = NatsServer.start();
                Connection bus = Nats.connect(nats.url());
                Nodes nodes = Nodes.start(
                        folder,
                        database,
                        1,
                        Nodes.jetStream(
                                nats.url(),
                                Map.of(
                                        "sonde.nats.max-ack-pending", Integer.toString(MAX_ACK_PENDING),
                                        "sonde.edge.max-events", Integer.toString(FLOOD.batch()),
                                        "sonde.edge.max-batches-in-flight", Integer.toString(MAX_IN_FLIGHT))));
                Proof usual = Proof.start(database, nodes.urls())) {
            usual.awaitTaken(40);
            long mostHeld;
            try (Proof burst = Proof.start(database, nodes.urls(), FLOOD, "burst-")) {
                mostHeld = mostHeld(nodes.get(0));
                burst.load().finish();
                usual.awaitRecovered();
                burst.finish("07a burst: " + FLOOD.senders() + " senders without a pause for " + BURST.toSeconds()
                        + " s, JetStream (most batches in memory: " + mostHeld + ")");
                assertThat(burst.load().answers()).as("they are told").containsKeys("202", "503");
            }

            usual.finish("07a burst: the usual load beside it");
            awaitNoLag(bus);
            usual.assertConserved();
            assertThat(mostHeld).as("batches in the node's memory").isBetween(1L, MOST_HELD);
            assertThat(nodes.get(0).isAlive()).isTrue();
        }
    }

    @Test
    void p18ClientsOverTheirRateAreToldAndTheOthersNoticeNothing() throws Exception {
        try (Nodes nodes = Nodes.start(
                        folder,
                        database,
                        1,
                        Map.of(
                                "sonde.bus", "direct",
                                "sonde.edge.max-events", Integer.toString(BUCKET),
                                "sonde.edge.rate.events-per-second", Integer.toString(EVENTS_PER_SECOND),
                                "sonde.edge.rate.burst", Integer.toString(BUCKET)));
                Proof usual = Proof.start(database, nodes.urls())) {
            usual.awaitTaken(40);
            try (Proof over = Proof.start(database, nodes.urls(), TWENTYFOLD, "over-")) {
                TimeUnit.MILLISECONDS.sleep(BURST.toMillis());
                over.load().finish();
                usual.awaitRecovered();
                over.finish("07b twenty times the rate limit for " + BURST.toSeconds() + " s, direct bus");

                assertThat(over.load().answers().getOrDefault("429", 0L))
                        .isGreaterThan(over.load().taken());
            }

            usual.finish("07b twenty times the rate limit: the usual load beside it");
            usual.assertConserved();
            assertThat(usual.load().answers()).doesNotContainKey("429");
        }
    }

    /** Looked at again and again while the burst lasts. */
    private static long mostHeld(NodeProcess node) throws Exception {
        long end = System.nanoTime() + BURST.toNanos();
        long most = 0;
        while (System.nanoTime() < end) {
            most = Math.max(most, LiveObjects.of(node).count(Batch.class));
            TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS.toMillis());
        }
        return most;
    }

    private static void awaitNoLag(Connection bus) {
        Awaitility.await("nothing pending on the bus")
                .atMost(Duration.ofMinutes(2))
                .until(() -> consumer(bus).getNumPending() == 0 && consumer(bus).getNumAckPending() == 0);
    }

    private static ConsumerInfo consumer(Connection bus) throws Exception {
        return bus.jetStreamManagement().getConsumerInfo(STREAM, CONSUMER);
    }
}
