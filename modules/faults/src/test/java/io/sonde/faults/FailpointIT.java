package io.sonde.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sonde.bench.LedgerLoad;
import io.sonde.core.Failpoint;
import io.sonde.testkit.NatsServer;
import io.sonde.testkit.NodeProcess;
import io.sonde.testkit.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A node dies at each named place under load, is started again, and the ledger holds. */
class FailpointIT {
    /** A source is without open windows two minutes after its last one, and asks to rest a minute later. */
    private static final Duration DIES_WITHIN = Duration.ofMinutes(6);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder = Path.of("set by JUnit");

    private final PostgresServer.Database database = PostgresServer.shared().newDatabase();

    @Test
    @Tag("quick")
    void p4BetweenTheJournalAndTheAnswer() throws Exception {
        diesThere(Failpoint.AFTER_JOURNAL_WRITE);
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "BEFORE_JOURNAL_WRITE",
                "BEFORE_BUS_ACK",
                "BEFORE_ANSWER",
                "BEFORE_PROJECTION_COMMIT",
                "AFTER_PROJECTION_COMMIT",
                "BEFORE_SNAPSHOT",
                "AFTER_SNAPSHOT",
                "AT_PASSIVATION"
            })
    void p4TheOtherPlaces(Failpoint place) throws Exception {
        diesThere(place);
    }

    @Test
    void p4AtTheHandOffOfAShardToAnotherNode() throws Exception {
        try (NatsServer nats = NatsServer.start();
                Nodes nodes = Nodes.onJetStream(folder, database, nats, 3)) {
            assertThat(nodes.get(2).stop()).isTrue();
            nodes.restart(2, dyingAt(Failpoint.AT_HAND_OFF, 3));
            try (Proof proof = Proof.start(database, nodes.urls())) {
                proof.awaitTaken(60);
                nodes.get(2).terminate();
                awaitDeath(nodes.get(2));
                proof.awaitRecovered();

                proof.finish("failpoint " + Failpoint.AT_HAND_OFF.code());
            }
        }
    }

    private void diesThere(Failpoint place) throws Exception {
        try (NatsServer nats = NatsServer.start()) {
            Map<String, String> settings = new HashMap<>(Nodes.jetStream(nats.url()));
            settings.put("sonde.windows.snapshot-every", "5");
            if (place != Failpoint.BEFORE_BUS_ACK) {
                settings.put("sonde.bus", "direct");
            }
            try (Nodes nodes = Nodes.start(folder, database, 1, settings, dyingAt(place, passing(place)));
                    Proof proof = Proof.start(database, nodes.urls(), shape(place), "load-")) {
                awaitDeath(nodes.get(0));
                nodes.restart(0);
                proof.awaitRecovered();

                proof.finish("failpoint " + place.code());
            }
        }
    }

    /** A source that has something to count each minute never rests. */
    private static LedgerLoad.Shape shape(Failpoint place) {
        return place == Failpoint.AT_PASSIVATION ? Proof.FLEETING : Proof.MODEST;
    }

    /** In the midst of the load, not at its first step. */
    private static int passing(Failpoint place) {
        return switch (place) {
            case BEFORE_JOURNAL_WRITE, AFTER_JOURNAL_WRITE, BEFORE_BUS_ACK, BEFORE_ANSWER -> 57;
            case AFTER_SEND -> throw new IllegalArgumentException("NotificationIT kills at " + place);
            case BEFORE_PROJECTION_COMMIT, AFTER_PROJECTION_COMMIT -> 3;
            case BEFORE_SNAPSHOT, AFTER_SNAPSHOT, AT_PASSIVATION, AT_HAND_OFF -> 3;
        };
    }

    private static NodeProcess.Program dyingAt(Failpoint place, int passing) {
        return new NodeProcess.Program(
                NodeProcess.Program.NODE.mainClass(), List.of("-Dsonde.failpoint=" + place.code() + ":" + passing));
    }

    private static void awaitDeath(NodeProcess node) {
        await("the node dies at its failpoint").atMost(DIES_WITHIN).until(() -> !node.isAlive());
        assertThat(node.exitCode()).isEqualTo(Failpoint.EXIT_CODE);
    }
}
