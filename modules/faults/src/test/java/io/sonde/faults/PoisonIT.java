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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Messages that nothing can be made of, put on the stream past the edge: dead letters, and their neighbours go on. */
class PoisonIT {
    private static final String SUBJECT = "telemetry.events.default.qoe";
    private static final String DEAD_LETTERS = "telemetry-events-dlq";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder = Path.of("set by JUnit");

    private final PostgresServer.Database database = PostgresServer.shared().newDatabase();

    @Test
    @SuppressWarnings("try") // its closing may be interrupted, as everything here may
    void p21PoisonBecomesDeadLettersAndHoldsNobodyUp() throws Exception {
        try (NatsServer nats = NatsServer.start();
                Nodes nodes = Nodes.onJetStream(folder, database, nats, 1);
                Connection bus = Nats.connect(nats.url());
                Proof proof = Proof.start(database, nodes.urls())) {
            proof.awaitTaken(40);
            List<byte[]> poison = List.of(
                    "not a batch".getBytes(StandardCharsets.UTF_8), new byte[0], unknownKind(), tooManyValues());
            for (byte[] message : poison) {
                bus.jetStream().publish(SUBJECT, message);
            }
            proof.awaitRecovered();
            await("all of it is a dead letter")
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> bus.jetStreamManagement()
                                    .getStreamInfo(DEAD_LETTERS)
                                    .getStreamState()
                                    .getMsgCount()
                            >= poison.size());

            proof.finish("4 messages that cannot be decoded, validated or taken by an entity");
            assertThat(nodes.get(0).isAlive()).isTrue();
        }
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
