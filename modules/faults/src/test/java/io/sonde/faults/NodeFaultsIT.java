package io.sonde.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sonde.testkit.NatsServer;
import io.sonde.testkit.NodeProcess;
import io.sonde.testkit.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that are killed, stopped, frozen and started again under load. */
class NodeFaultsIT {
    private static final Duration FROZEN = Duration.ofSeconds(30);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder = Path.of("set by JUnit");

    private final PostgresServer.Database database = PostgresServer.shared().newDatabase();
    private final Random random = new Random(Extent.seed());

    @Test
    void p4TheOnlyNodeIsKilledAgainAndAgain() throws Exception {
        try (Nodes nodes = Nodes.onDirectBus(folder, database, 1);
                Proof proof = Proof.start(database, nodes.urls())) {
            for (int kill = 1; kill <= Extent.times(2, 20); kill++) {
                proof.awaitTaken(20 + random.nextInt(40));
                nodes.get(0).kill();
                nodes.restart(0);
                proof.awaitRecovered();
            }

            proof.finish("01a kill -9 of the only node, direct bus, " + Extent.times(2, 20) + " times");
        }
    }

    @Test
    void p21OneOfThreeNodesIsKilledAgainAndAgain() throws Exception {
        try (NatsServer nats = NatsServer.start();
                Nodes nodes = Nodes.onJetStream(folder, database, nats, 3);
                Proof proof = Proof.start(database, nodes.urls())) {
            for (int kill = 1; kill <= Extent.times(2, 20); kill++) {
                proof.awaitTaken(20 + random.nextInt(40));
                int victim = random.nextInt(3);
                nodes.get(victim).kill();
                proof.awaitRecovered();
                nodes.restart(victim);
            }

            proof.finish("01b kill -9 of one of three nodes, JetStream, " + Extent.times(2, 20) + " times");
        }
    }

    @Test
    void p21ThreeNodesAreStoppedAndStartedOneAfterAnother() throws Exception {
        try (NatsServer nats = NatsServer.start();
                Nodes nodes = Nodes.onJetStream(folder, database, nats, 3);
                Proof proof = Proof.start(database, nodes.urls())) {
            oneAfterAnother(nodes, proof);

            proof.finish("05 rolling restart of three nodes, JetStream");
        }
    }

    @Test
    void p21TwoNodesAreStoppedAndStartedOneAfterTheOther() throws Exception {
        try (Nodes nodes = Nodes.onDirectBus(folder, database, 2);
                Proof proof = Proof.start(database, nodes.urls())) {
            oneAfterAnother(nodes, proof);

            proof.finish("05 rolling restart of two nodes, direct bus");
        }
    }

    private static void oneAfterAnother(Nodes nodes, Proof proof) throws Exception {
        for (int node = 0; node < nodes.count(); node++) {
            proof.awaitTaken(40);
            assertThat(nodes.get(node).stop()).as("it stops by itself").isTrue();
            proof.awaitRecovered();
            nodes.restart(node);
        }
        proof.awaitTaken(40);
    }

    /** A node that has stood still for longer than the others wait for it: it must not go on as if nothing had been. */
    @Test
    void p21OneOfThreeNodesIsFrozenForHalfAMinute() throws Exception {
        try (NatsServer nats = NatsServer.start();
                Nodes nodes = Nodes.onJetStream(folder, database, nats, 3);
                Proof proof = Proof.start(database, nodes.urls())) {
            proof.awaitTaken(60);
            freeze(nodes.get(1));
            await("it finds that the others have gone on, and ends itself")
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> !nodes.get(1).isAlive());
            proof.awaitRecovered();
            nodes.restart(1);
            proof.awaitTaken(60);

            proof.finish("13a one of three nodes frozen (SIGSTOP) for " + FROZEN.toSeconds() + " s, JetStream");
        }
    }

    @Test
    void p4TheOnlyNodeIsFrozenForHalfAMinute() throws Exception {
        try (Nodes nodes = Nodes.onDirectBus(folder, database, 1);
                Proof proof = Proof.start(database, nodes.urls())) {
            for (int time = 1; time <= Extent.times(1, 3); time++) {
                proof.awaitTaken(40);
                freeze(nodes.get(0));
                proof.awaitRecovered();
            }

            proof.finish("13b the only node frozen (SIGSTOP) for " + FROZEN.toSeconds() + " s, direct bus");
            proof.assertConserved();
            assertThat(nodes.get(0).isAlive()).isTrue();
        }
    }

    private static void freeze(NodeProcess node) throws Exception {
        node.pause();
        TimeUnit.MILLISECONDS.sleep(FROZEN.toMillis());
        node.resume();
    }

    @Test
    void p3TheWholeStreamIsSentThreeTimesToDifferentNodes() throws Exception {
        try (NatsServer nats = NatsServer.start();
                Nodes nodes = Nodes.onJetStream(folder, database, nats, 2);
                Proof proof = Proof.start(database, nodes.urls())) {
            proof.awaitTaken(Extent.times(100, 1_000));
            proof.sendAllAgain(2);

            proof.finish("08 the whole stream three times, in other orders, to other nodes");
            proof.assertConserved();
        }
    }
}
