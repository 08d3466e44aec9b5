package io.sonde.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.bench.LedgerLoad;
import io.sonde.testkit.Expected;
import io.sonde.testkit.NatsServer;
import io.sonde.testkit.NodeProcess;
import io.sonde.testkit.PostgresServer;
import io.sonde.testkit.Sent;
import io.sonde.testkit.SondeClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clocks that are wrong: a probe's, and one node's. */
class ClockFaultsIT {
    private static final long TEN_MINUTES_MS = 600_000;
    /** Over the whole minute, from 50 s to 110 s after the events' own has ended. */
    private static final LedgerLoad.Shape AGED = new LedgerLoad.Shape(4, 25, 4, 10, 100, 50_000, false);
    /** Some windows are to be opened, closed and looked at by whoever might seal them. */
    private static final Duration LONG_ENOUGH = Extent.seconds(130, 240);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder = Path.of("set by JUnit");

    private final PostgresServer.Database database = PostgresServer.shared().newDatabase();

    @Test
    void p5AProbeThatIsTenMinutesWrongIsToldSoAndCountsNothing() throws Exception {
        SondeClient sonde = new SondeClient(database.dataSource(), AdminToken.of(database));
        Random random = new Random(Extent.seed());
        long now = System.currentTimeMillis();
        List<Sent> behind = Sent.random(random, 500, now - TEN_MINUTES_MS - 60_000, false);
        List<Sent> ahead = Sent.random(random, 500, now + TEN_MINUTES_MS, false);
        try (Nodes nodes = Nodes.onDirectBus(folder, database, 1);
                Proof proof = Proof.start(database, nodes.urls())) {
            proof.awaitTaken(20);
            List<String> urls = List.of(nodes.urls().get(0).toString());

            Map<String, Integer> toldBehind = sonde.post(behind, urls, random);
            Map<String, Integer> toldAhead = sonde.post(ahead, urls, random);

            assertThat(toldBehind).containsEntry("late", behind.size()).containsEntry("accepted", 0);
            assertThat(toldAhead).containsEntry("refused", ahead.size()).containsEntry("accepted", 0);
            proof.awaitRecovered();
            proof.finish("10a probes whose clocks are wrong by ten minutes, beside others");
            proof.assertConserved();
            assertThat(sonde.rows().keySet()).noneMatch(row -> row.startsWith("client-"));
            assertThat(Expected.rows(behind)).isNotEmpty();
        }
    }

    /** Its share of the sources is with it all the same, and must not seal what a right edge may still take. */
    @ParameterizedTest
    @ValueSource(strings = {"PT30S", "PT10M"})
    void p5WhatARightNodeTakesInTimeCountsThoughItsSourceIsOnANodeThatIsAhead(String shift) throws Exception {
        NodeProcess.Program shifted =
                new NodeProcess.Program(ShiftedNode.class.getName(), List.of("-Dsonde.shift=" + shift));
        try (Nodes nodes = Nodes.onDirectBus(folder, database, 3)) {
            assertThat(nodes.get(2).stop()).isTrue();
            nodes.restart(2, shifted);
            try (Proof proof = Proof.start(database, nodes.urls(), AGED, "load-")) {
                TimeUnit.MILLISECONDS.sleep(LONG_ENOUGH.toMillis());
                proof.awaitRecovered();

                proof.finish("10c the clock of one node of three ahead by " + shift.substring(2)
                        + ", direct bus, events up to 110 s after their minute");
                proof.assertConserved();
                assertThat(proof.load().answers()).containsKeys("202", "503");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT30S", "PT-30S"})
    void p5ANodeThatIsHalfAMinuteWrongTakesNothingAndTheOthersGoOn(String shift) throws Exception {
        NodeProcess.Program shifted =
                new NodeProcess.Program(ShiftedNode.class.getName(), List.of("-Dsonde.shift=" + shift));
        try (NatsServer nats = NatsServer.start();
                Nodes nodes = Nodes.onJetStream(folder, database, nats, 3)) {
            assertThat(nodes.get(2).stop()).isTrue();
            nodes.restart(2, shifted);
            try (Proof proof = Proof.start(database, nodes.urls())) {
                proof.awaitTaken(200);
                proof.awaitRecovered();

                proof.finish("10b the clock of one node of three wrong by " + shift.substring(2));
                proof.assertConserved();
                assertThat(proof.load().answers()).containsKeys("202", "503");
            }
        }
    }
}
