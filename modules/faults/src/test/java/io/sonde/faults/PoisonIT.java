package io.sonde.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.sonde.core.Batch;
import io.sonde.core.BatchFormat;
import io.sonde.core.Sample;
import io.sonde.core.SourceId;
import io.sonde.testkit.NatsServer;
import io.sonde.testkit.PostgresServer;
import io.sonde.testkit.Sent;
import io.sonde.testkit.SondeClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What nothing can be made of, as messages past the edge or for a source that fails: dead letters, and the others go on. */
class PoisonIT {
    private static final String SUBJECT = "telemetry.events.default.qoe";
    private static final String DEAD_LETTERS = "telemetry-events-dlq";
    private static final SourceId GAP = new SourceId("default", "qoe", "gap", 0);
    private static final int BROKEN = 5;
    /** Fewer than by default, or it would take minutes. */
    private static final int MOST_FAILURES = 3;

    private static final double OTHERS_WITHIN_S = 15;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder = Path.of("set by JUnit");

    private final PostgresServer.Database database = PostgresServer.shared().newDatabase();

    @Test
    @SuppressWarnings("try") // its closing may be interrupted, as everything here may
    void p21PoisonBecomesDeadLettersAndHoldsNobodyUp() throws Exception {
        try (NatsServer nats = NatsServer.start();
                Nodes nodes = start(nats);
                Connection bus = Nats.connect(nats.url());
                Proof proof = Proof.start(database, nodes.urls())) {
            proof.awaitTaken(40);
            List<byte[]> poison = List.of(
                    "not a batch".getBytes(StandardCharsets.UTF_8), new byte[0], unknownKind(), tooManyValues());
            for (byte[] message : poison) {
                bus.jetStream().publish(SUBJECT, message);
            }
            proof.awaitRecovered();
            awaitDeadLetters(bus, poison.size());

            proof.finish("12a poison on the bus: what cannot be decoded, validated or taken by an entity");
            proof.assertConserved(
                    1, 1); // of the others nobody knows how many events they hold, or they are of another kind
            assertThat(nodes.get(0).isAlive()).isTrue();
        }
    }

    /** Its entity fails whenever it is started, until someone looks after its journal; the others on its node do not. */
    @Test
    @SuppressWarnings("try") // its closing may be interrupted, as everything here may
    void p21ASourceWhoseJournalHasAGapHoldsNobodyUp() throws Exception {
        SondeClient sonde = new SondeClient(database.dataSource(), AdminToken.of(database));
        try (NatsServer nats = NatsServer.start();
                Nodes nodes = start(nats)) {
            String node = nodes.urls().get(0).toString();
            makeAGap(sonde, nodes);
            try (Connection bus = Nats.connect(nats.url());
                    Proof proof = Proof.start(database, nodes.urls())) {
                proof.awaitTaken(40);
                for (int i = 0; i < BROKEN; i++) {
                    post(sonde, node);
                }
                double seconds = proof.awaitRecovered();
                awaitDeadLetters(bus, BROKEN);

                proof.finish(
                        "12b a source whose journal has a gap, beside others on its node, JetStream",
                        List.of("windows_event has 1 events of " + GAP.entityId()));
                proof.assertConserved(BROKEN, 0);
                assertThat(nodes.get(0).log()).contains("has a gap");
                assertThat(seconds).as("the others go on meanwhile").isLessThan(OTHERS_WITHIN_S);
                assertThat(sonde.totals().keySet()).noneMatch(row -> row.startsWith(GAP.source() + " "));
            }
        }
    }

    private Nodes start(NatsServer nats) throws IOException {
        return Nodes.start(
                folder,
                database,
                1,
                Nodes.jetStream(nats.url(), Map.of("sonde.nats.max-failures", Integer.toString(MOST_FAILURES))));
    }

    /** Two events of its journal, the first of which is gone, while no node runs. */
    private void makeAGap(SondeClient sonde, Nodes nodes) throws Exception {
        for (int number = 1; number <= 2; number++) {
            post(sonde, nodes.urls().get(0).toString());
            long events = number;
            await("the journal has it").until(() -> journalled() == events);
        }
        nodes.get(0).kill();
        try (var connection = database.dataSource().getConnection();
                var delete = connection.prepareStatement(
                        "DELETE FROM windows_event WHERE persistence_id = ? AND sequence_number = 1")) {
            delete.setString(1, GAP.entityId());
            assertThat(delete.executeUpdate()).isEqualTo(1);
        }
        nodes.restart(0);
    }

    private static void post(SondeClient sonde, String node) throws Exception {
        Sent event = new Sent(
                UUID.randomUUID(),
                GAP.source(),
                "https://a/",
                System.currentTimeMillis(),
                List.of(1.0, 2.0, 3.0, 4.0, 5.0),
                null,
                false);
        assertThat(sonde.post(node, event.json()).statusCode()).isEqualTo(202);
    }

    private long journalled() throws SQLException {
        try (var connection = database.dataSource().getConnection();
                var count =
                        connection.prepareStatement("SELECT count(*) FROM windows_event WHERE persistence_id = ?")) {
            count.setString(1, GAP.entityId());
            try (ResultSet row = count.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static void awaitDeadLetters(Connection bus, int count) {
        await("all of it is a dead letter")
                .atMost(Duration.ofMinutes(2))
                .until(() -> bus.jetStreamManagement()
                                .getStreamInfo(DEAD_LETTERS)
                                .getStreamState()
                                .getMsgCount()
                        >= count);
    }

    private static byte[] unknownKind() {
        return BatchFormat.write(batch(new SourceId("default", "no-such-kind", "poison", 0), new double[5]));
    }

    private static byte[] tooManyValues() {
        return BatchFormat.write(batch(new SourceId("default", "qoe", "poison", 0), new double[9]));
    }

    private static Batch batch(SourceId source, double[] values) {
        long now = System.currentTimeMillis();
        Sample sample = new Sample(UUID.randomUUID(), "https://a/", now, values, Sample.SUCCESS, "");
        return new Batch(source, now, Map.of(), List.of(sample), false);
    }
}
