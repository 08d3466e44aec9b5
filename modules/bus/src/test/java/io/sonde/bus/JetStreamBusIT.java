package io.sonde.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.api.StreamInfo;
import io.sonde.core.Batch;
import io.sonde.core.Counters;
import io.sonde.core.Unavailable;
import io.sonde.testkit.NatsServer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JetStreamBusIT extends BusContract {
    private NatsServer server;
    private JetStreamBus bus;

    @BeforeEach
    void start() throws Exception {
        server = NatsServer.start();
        bus = connect();
    }

    @AfterEach
    void stop() throws Exception {
        bus.close();
        server.close();
    }

    @Override
    Bus bus() {
        return bus;
    }

    @Test
    void p20ABatchIsDeliveredUntilItIsRecorded() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        bus.deliverTo(batch -> tries.incrementAndGet() < 3 ? refuse(batch) : take(batch));
        Batch batch = batch("berlin-1");

        send(batch);

        await().atMost(PATIENCE).until(() -> timesRecorded(batch) == 3);
        await().atMost(PATIENCE).until(() -> bus.watermarkMs() > batch.recvTsMs());
        assertThat(timesRecorded(batch)).isEqualTo(3);
    }

    @Test
    void p20WhatAStoppedConsumerLeftUnacknowledgedComesToTheNext() throws Exception {
        Batch batch = batch("berlin-1");
        send(batch);
        bus.close();

        bus = connect();
        bus.deliverTo(this::take);

        await().atMost(PATIENCE).until(() -> timesRecorded(batch) == 1);
    }

    @Test
    void whileTheServerIsAwayTheSenderIsToldAtOnceAndAfterwardsItIsTakenAgain() throws Exception {
        bus.deliverTo(this::take);
        Batch before = batch("before");
        send(before);
        server.kill();
        await().atMost(PATIENCE).until(() -> !bus.isReady());

        assertThatThrownBy(() -> send(batch("during"))).hasCauseInstanceOf(Unavailable.class);

        server.restart();
        await().atMost(PATIENCE).until(bus::isReady);
        Batch after = batch("after");
        await().atMost(PATIENCE).ignoreExceptions().until(() -> send(after).accepted() == 1);
        await().atMost(PATIENCE).until(() -> timesRecorded(after) >= 1);
    }

    @Test
    void aMessageThatCannotBeReadGoesToTheDeadLettersAndBlocksNobody() throws Exception {
        Connection connection = Nats.connect(server.url());
        try {
            connection.jetStream().publish("telemetry.events.default.qoe", "?".getBytes(StandardCharsets.UTF_8));
            bus.deliverTo(this::take);
            Batch batch = batch("berlin-1");
            send(batch);

            await().atMost(PATIENCE).until(() -> timesRecorded(batch) == 1);
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(messages(connection, TelemetryStream.DEAD_LETTERS)).isEqualTo(1);
                assertThat(messages(connection, TelemetryStream.NAME)).isZero();
            });
        } finally {
            connection.close();
        }
    }

    @Test
    void aBatchThatFailsForAnotherReasonThanTimeBecomesADeadLetter() throws Exception {
        bus.deliverTo(batch -> {
            take(batch);
            return CompletableFuture.failedFuture(new IllegalStateException("no such kind"));
        });
        Batch batch = batch("berlin-1");

        send(batch);

        Connection connection = Nats.connect(server.url());
        try {
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(messages(connection, TelemetryStream.DEAD_LETTERS))
                    .isEqualTo(1));
            assertThat(timesRecorded(batch)).isEqualTo(10);
        } finally {
            connection.close();
        }
    }

    private static long messages(Connection connection, String stream) throws Exception {
        StreamInfo info = connection.jetStreamManagement().getStreamInfo(stream);
        return info.getStreamState().getMsgCount();
    }

    private JetStreamBus connect() throws Exception {
        return JetStreamBus.connect(TestSettings.at(server), Clock.systemUTC(), new Counters());
    }
}
