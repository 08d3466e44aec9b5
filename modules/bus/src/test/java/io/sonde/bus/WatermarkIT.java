package io.sonde.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sonde.core.Batch;
import io.sonde.core.Minute;
import io.sonde.core.Unavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WatermarkIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /**
     * Ten minutes pass for the node between taking and recording: nothing that was on time at the edge is late, and no
     * window is sealed before its last batch has come, although every window's lateness is long over by the clock.
     */
    @Test
    void aBacklogOfTenMinutesMakesNobodyLate() throws Exception {
        AheadClock clock = new AheadClock();
        AtomicBoolean away = new AtomicBoolean(true);
        AtomicInteger tooLate = new AtomicInteger();
        try (TestBus test = TestBus.start("", clock);
                Logged logged = Logged.of("io.sonde.bus")) {
            test.bus.deliverTo(batch -> {
                if (away.get()) {
                    return CompletableFuture.failedFuture(new Unavailable("the journal is away", 1, null));
                }
                long sealedMs = test.bus.watermarkMs();
                long startMs = Minute.startOf(batch.samples().get(0).tsMs());
                tooLate.addAndGet(batch.replay() || Minute.isLate(startMs, sealedMs) ? 1 : 0);
                return test.take(batch);
            });
            List<Batch> sent = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                sent.add(test.send("client-" + i));
            }

            clock.aheadMs.set(Duration.ofMinutes(10).toMillis());
            await().atMost(PATIENCE).until(() -> hasLooked(logged));
            assertThat(test.bus.watermarkMs()).isLessThan(sent.get(0).recvTsMs());
            away.set(false);

            await().atMost(PATIENCE).until(() -> test.recorded.containsAll(sent));
            assertThat(tooLate).hasValue(0);
            await().atMost(PATIENCE)
                    .until(() -> test.bus.watermarkMs() > sent.get(99).recvTsMs());
        }
    }

    /** Its events would otherwise meet a sealed window and be taken for duplicates: lost, and nobody told. */
    @Test
    void aBatchOfAnEdgeWhoseClockIsFarBehindIsJudgedAsAReplay() throws Exception {
        AheadClock clock = new AheadClock();
        try (TestBus test = TestBus.start("", clock)) {
            test.bus.deliverTo(test.recorder(batch -> true));
            clock.aheadMs.set(-Duration.ofSeconds(30).toMillis());
            Batch fresh = BusContract.batch("berlin-1");
            Batch behind = new Batch(fresh.source(), clock.millis(), fresh.attributes(), fresh.samples(), false);

            test.bus.record(behind);

            await().atMost(PATIENCE).until(() -> !test.recorded.isEmpty());
            assertThat(test.recorded).singleElement().satisfies(batch -> {
                assertThat(batch.replay()).isTrue();
                assertThat(batch.recvTsMs()).isEqualTo(behind.recvTsMs());
            });
        }
    }

    @Test
    void whileTheServerIsAwayTheWatermarkStands() throws Exception {
        AheadClock clock = new AheadClock();
        try (TestBus test = TestBus.start("", clock);
                Logged logged = Logged.of("io.sonde.bus")) {
            test.bus.deliverTo(test.recorder(batch -> true));
            test.send("berlin-1");
            await().atMost(PATIENCE).until(() -> test.bus.watermarkMs() > Long.MIN_VALUE);
            test.server.kill();
            await().atMost(PATIENCE).until(() -> !test.bus.isReady());
            long stands = test.bus.watermarkMs();

            clock.aheadMs.set(Duration.ofMinutes(10).toMillis());
            await().atMost(PATIENCE).until(() -> hasLooked(logged));
            assertThat(test.bus.watermarkMs()).isEqualTo(stands);
            test.server.restart();

            await().atMost(PATIENCE).until(() -> test.bus.watermarkMs() > stands);
        }
    }

    /** Since the clock went ahead: then the watermark is old, which is said. */
    private static boolean hasLooked(Logged logged) {
        return logged.lines().stream().anyMatch(line -> line.startsWith("the watermark is "));
    }
}
