package io.sonde.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sonde.testkit.FaultProxy;
import io.sonde.testkit.NatsServer;
import io.sonde.testkit.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL and NATS that go away and come back under load. */
class ServerFaultsIT {
    private static final Duration OUTAGE = Extent.seconds(6, 60);
    private static final Duration HANG = Extent.seconds(20, 120);
    /** What a probe waits for an answer, and some; and requests a second that the load sends at least. */
    private static final Duration IN_TIME = Duration.ofSeconds(5);

    private static final int FEWEST_A_SECOND = 5;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder = Path.of("set by JUnit");

    @Test
    @Tag("quick")
    void p21PostgresIsStoppedAndKilledUnderJetStream() throws Exception {
        try (OwnPostgres postgres = OwnPostgres.start(folder.resolve("postgres"));
                NatsServer nats = NatsServer.start();
                Nodes nodes = Nodes.onJetStream(folder, postgres.database(), nats, 1);
                Proof proof = Proof.start(postgres.database(), nodes.urls())) {
            proof.awaitTaken(40);
            postgres.stop();
            outage();
            postgres.restart();
            proof.awaitRecovered();
            postgres.kill();
            postgres.restart();
            proof.awaitRecovered();

            proof.finish("02a PostgreSQL stopped for " + OUTAGE.toSeconds() + " s, then kill -9, JetStream");
            proof.assertConserved();
        }
    }

    @Test
    void p4PostgresIsStoppedKilledAndRestartedUnderTheDirectBus() throws Exception {
        try (OwnPostgres postgres = OwnPostgres.start(folder.resolve("postgres"));
                Nodes nodes = Nodes.onDirectBus(folder, postgres.database(), 1);
                Proof proof = Proof.start(postgres.database(), nodes.urls())) {
            proof.awaitTaken(40);
            postgres.stop();
            outage();
            postgres.restart();
            proof.awaitRecovered();
            for (int kill = 1; kill <= Extent.times(1, 5); kill++) {
                proof.awaitTaken(40);
                postgres.kill();
                postgres.restart();
                proof.awaitRecovered();
            }

            proof.finish(
                    "02b PostgreSQL stopped for " + OUTAGE.toSeconds() + " s, then kill -9 five times, direct bus");
            proof.assertConserved();
        }
    }

    @Test
    void p4TheAnswerToACommitIsLost() throws Exception {
        try (OwnPostgres postgres = OwnPostgres.start(folder.resolve("postgres"));
                FaultProxy line = FaultProxy.to(postgres.port())) {
            PostgresServer.Database throughProxy = postgres.databaseAt(line.port());
            try (Nodes nodes = Nodes.onDirectBus(folder, throughProxy, 1);
                    Proof proof = Proof.start(postgres.database(), nodes.urls())) {
                for (int cut = 1; cut <= Extent.times(5, 50); cut++) {
                    proof.awaitTaken(20);
                    int before = line.answersCut();
                    line.cutAnswerTo("COMMIT");
                    await("a commit whose answer is lost")
                            .atMost(Duration.ofSeconds(30))
                            .until(() -> line.answersCut() > before);
                }
                proof.awaitRecovered();

                proof.finish("02c connection cut between COMMIT and its answer, direct bus, " + Extent.times(5, 50)
                        + " times");
                proof.assertConserved();
            }
        }
    }

    @Test
    void p20NatsIsStoppedAndKilled() throws Exception {
        PostgresServer.Database database = PostgresServer.shared().newDatabase();
        try (NatsServer nats = NatsServer.start();
                Nodes nodes = Nodes.onJetStream(folder, database, nats, 1);
                Proof proof = Proof.start(database, nodes.urls())) {
            proof.awaitTaken(40);
            nats.stop();
            outage();
            nats.restart();
            proof.awaitRecovered();
            for (int kill = 1; kill <= Extent.times(2, 10); kill++) {
                proof.awaitTaken(20);
                nats.kill();
                nats.restart();
                proof.awaitRecovered();
            }

            proof.finish(
                    "03 NATS stopped for " + OUTAGE.toSeconds() + " s, then kill -9 " + Extent.times(2, 10) + " times");
            proof.assertConserved();
        }
    }

    @Test
    void p21APostgresThatHangsKeepsNobodyWaitingAtTheEdgeUnderJetStream() throws Exception {
        try (OwnPostgres postgres = OwnPostgres.start(folder.resolve("postgres"));
                FaultProxy line = FaultProxy.to(postgres.port());
                NatsServer nats = NatsServer.start();
                Nodes nodes = Nodes.onJetStream(folder, postgres.databaseAt(line.port()), nats, 1);
                Proof proof = Proof.start(postgres.database(), nodes.urls())) {
            proof.awaitTaken(40);
            Map<String, Long> before = proof.load().answers();
            long takenBefore = proof.load().taken();
            Duration usual = proof.load().slowest();
            line.hang();
            TimeUnit.MILLISECONDS.sleep(HANG.toMillis());
            Map<String, Long> after = proof.load().answers();
            long taken = proof.load().taken() - takenBefore;
            Duration slowest = proof.load().slowest();
            line.resume();
            proof.awaitRecovered();

            proof.finish(String.format(
                    Locale.ROOT,
                    "02d PostgreSQL hangs for %d s, JetStream (slowest answer meanwhile %.1f s)",
                    HANG.toSeconds(),
                    slowest.toMillis() / 1e3));
            proof.assertConserved();
            assertThat(slowest)
                    .as("the slowest answer, before it hung " + usual)
                    .isLessThan(IN_TIME);
            assertThat(after.keySet()).as("answers " + after).isEqualTo(before.keySet());
            assertThat(taken)
                    .as("taken while it hung, answers " + after)
                    .isGreaterThan(HANG.toSeconds() * FEWEST_A_SECOND);
        }
    }

    /** The fault itself is this long. */
    private static void outage() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(OUTAGE.toMillis());
    }
}
