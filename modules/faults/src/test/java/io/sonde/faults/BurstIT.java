package io.sonde.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.api.ConsumerInfo;
import io.sonde.bench.LedgerLoad;
import io.sonde.testkit.NatsServer;
import io.sonde.testkit.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Far more than the load that a node is used to, for a minute. */
class BurstIT {
    private static final Duration BURST = Extent.seconds(10, 60);
    private static final LedgerLoad.Shape TWENTYFOLD = new LedgerLoad.Shape(16, 250, 4, 40, 0);
    private static final String STREAM = "telemetry-events";
    private static final String CONSUMER = "windows";
    private static final int MAX_ACK_PENDING = 200;

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
                        Nodes.jetStream(nats.url(), "sonde.nats.max-ack-pending", MAX_ACK_PENDING));
                Proof usual = Proof.start(database, nodes.urls())) {
            usual.awaitTaken(40);
            long mostInFlight;
            try (Proof burst = Proof.start(database, nodes.urls(), TWENTYFOLD, "burst-")) {
                mostInFlight = mostInFlight(bus);
                burst.load().finish();
                usual.awaitRecovered();
                awaitNoLag(bus);
                burst.finish("07 burst: sixteen senders without a pause for " + BURST.toSeconds() + " s, JetStream");
            }

            usual.finish("07 burst: the usual load beside it");
            assertThat(mostInFlight).isBetween(1L, (long) MAX_ACK_PENDING);
            assertThat(nodes.get(0).isAlive()).isTrue();
        }
    }

    /** Sampled all the time that the burst lasts. */
    private static long mostInFlight(Connection bus) throws Exception {
        long end = System.nanoTime() + BURST.toNanos();
        long most = 0;
        while (System.nanoTime() < end) {
            most = Math.max(most, consumer(bus).getNumAckPending());
            TimeUnit.MILLISECONDS.sleep(100);
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
