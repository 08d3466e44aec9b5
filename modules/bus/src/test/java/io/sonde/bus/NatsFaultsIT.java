package io.sonde.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sonde.core.Batch;
import io.sonde.core.BatchFormat;
import io.sonde.testkit.FaultProxy;
import io.sonde.testkit.NatsServer;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** NATS that hangs, dies, freezes and comes back: the publisher says so at once, the consumer resumes, nothing is lost. */
class NatsFaultsIT {
    private static final Logger LOG = LoggerFactory.getLogger(NatsFaultsIT.class);
    /** Quick by default; {@code -Dsonde.nats.faults=50} for the long run. */
    private static final int ROUNDS = Integer.getInteger("sonde.nats.faults", 6);

    private static final long SEED = Long.getLong("sonde.seed", System.nanoTime());
    private static final Duration BACK = Duration.ofSeconds(20);
    private static final Duration FOUND = Duration.ofSeconds(10);

    @Test
    void aHalfOpenConnectionIsFoundAndConsumptionGoesOn() throws Exception {
        NatsServer server = NatsServer.start();
        try (FaultProxy proxy = FaultProxy.to(URI.create(server.url()).getPort());
                TestBus test = TestBus.through(server, "nats://127.0.0.1:" + proxy.port())) {
            test.bus.deliverTo(test.recorder(batch -> true));
            Batch before = test.send("before");
            await().atMost(BACK).until(() -> test.isRecorded(before));

            proxy.hang();
            // As another node would: it is there to be consumed, and nobody tells us.
            Batch meanwhile = BusContract.batch("meanwhile");
            test.operator.jetStream().publish(TelemetryStream.subject("default", "qoe"), BatchFormat.write(meanwhile));
            await().atMost(FOUND).until(() -> !test.bus.isReady());
            proxy.resume();

            await().atMost(BACK).until(() -> test.isRecorded(meanwhile));
            Batch after = await().atMost(BACK).ignoreExceptions().until(() -> test.send("after"), sent -> true);
            await().atMost(BACK).until(() -> test.isRecorded(after));
        }
    }

    /** The client may believe that it pulls, and nothing ever comes: seen in nats.java, and made here by deleting its pulls. */
    @Test
    void aConsumptionThatHasStalledSilentlyIsBegunAnew() throws Exception {
        try (TestBus test = TestBus.start("stalled-after = 2s")) {
            test.bus.deliverTo(test.recorder(batch -> true));
            Batch before = test.send("before");
            await().atMost(BACK).until(() -> test.isRecorded(before));

            Consumption consumption = test.bus.consumption().orElseThrow();
            consumption.stop();
            await().atMost(BACK).until(() -> consumption.restarts() > 0);
            Batch after = test.send("after");

            await().atMost(BACK).until(() -> test.isRecorded(after));
        }
    }

    @Test
    void p20WhateverHappensToTheServerAllThatItTookIsRecordedAndItResumesEachTime() throws Exception {
        LOG.info("seed {} ({} rounds): -Dsonde.seed={} replays it", SEED, ROUNDS, SEED);
        Random random = new Random(SEED);
        try (TestBus test = TestBus.start("")) {
            Ledger ledger = new Ledger(test);
            test.bus.deliverTo(test.recorder(batch -> true));
            Thread load = new Thread(ledger, "load");
            load.start();
            for (int round = 0; round < ROUNDS; round++) {
                fault(test.server, random);
                long from = System.nanoTime();
                Batch probe = await().atMost(BACK).ignoreExceptions().until(() -> test.send("probe"), sent -> true);
                await().atMost(BACK).until(() -> test.isRecorded(probe));
                LOG.info("round {}: back after {} ms", round, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - from));
            }
            load.interrupt();
            load.join();

            await().atMost(BACK).untilAsserted(() -> assertThat(ledger.lost()).isEmpty());
            assertThat(ledger.ok).isNotEmpty();
            assertThat(ledger.inventedBy(test.recorded)).isEmpty();
            assertThat(test.letters()).isEmpty();
            // A server that was killed may hold what was acknowledged, and deliver it to nobody.
            await().atMost(Duration.ofMinutes(3)).until(() -> test.messages(TelemetryStream.NAME) == 0);
            long now = System.currentTimeMillis();
            await().atMost(BACK).until(() -> test.bus.watermarkMs() > now);
        }
    }

    private static void fault(NatsServer server, Random random) throws Exception {
        int kind = random.nextInt(3);
        long lengthMs = 200L + random.nextInt(1_500);
        LOG.info("fault {} for {} ms", kind, lengthMs);
        switch (kind) {
            case 0 -> server.kill();
            case 1 -> server.pause();
            default -> server.stop();
        }
        await().pollDelay(Duration.ofMillis(lengthMs)).until(() -> true);
        if (kind == 1) {
            server.resume();
        } else {
            server.restart();
        }
    }

    /** Publishes without pause and notes what it was told. */
    private static final class Ledger implements Runnable {
        private final TestBus test;
        final Queue<Batch> ok = new ConcurrentLinkedQueue<>();
        final Queue<Batch> unknown = new ConcurrentLinkedQueue<>();

        Ledger(TestBus test) {
            this.test = test;
        }

        @Override
        public void run() {
            for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
                Batch batch = BusContract.batch("client-" + i % 20);
                try {
                    test.bus.record(batch).toCompletableFuture().get(5, TimeUnit.SECONDS);
                    ok.add(batch);
                } catch (InterruptedException e) {
                    unknown.add(batch);
                    return;
                } catch (Exception e) {
                    unknown.add(batch);
                }
            }
        }

        /** By the ids of their one event, as the journal tells them apart. */
        Set<Object> lost() {
            Set<Object> ids = ids(ok);
            ids.removeAll(ids(test.recorded));
            return ids;
        }

        Set<Object> inventedBy(Queue<Batch> recorded) {
            Set<Object> ids = ids(recorded.stream()
                    .filter(batch -> !batch.source().source().equals("probe"))
                    .toList());
            ids.removeAll(ids(ok));
            ids.removeAll(ids(unknown));
            return ids;
        }

        private static Set<Object> ids(Iterable<Batch> batches) {
            Set<Object> ids = new HashSet<>();
            batches.forEach(batch -> ids.add(batch.samples().get(0).id()));
            return ids;
        }
    }
}
