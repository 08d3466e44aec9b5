package io.sonde.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.api.StreamInfo;
import io.sonde.core.Batch;
import io.sonde.core.Counters;
import io.sonde.core.Receipt;
import io.sonde.core.Tracing;
import io.sonde.core.Unavailable;
import io.sonde.testkit.NatsServer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
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

    /** Sent again, the part that was published would wait twice. */
    @Test
    void p18OfARequestThatHasNoRoomNothingIsPublished() throws Exception {
        bus.close();
        bus = JetStreamBus.connect(
                TestSettings.at(server.url(), "max-publishing = 5, publish-timeout = 10s, ack-wait = 20s"),
                Tracing.OFF,
                Clock.systemUTC(),
                new Counters());
        bus.deliverTo(this::take);
        Connection connection = Nats.connect(server.url());
        try {
            server.pause();
            CompletionStage<Receipt> first = bus.record(batch("first"));
            List<Batch> request =
                    Stream.generate(() -> batch("second")).limit(5).toList();

            List<CompletionStage<Receipt>> begun = bus.recordAll(request);

            assertThat(begun).hasSize(5).allSatisfy(each -> assertThat(each.toCompletableFuture())
                    .isCompletedExceptionally());
            server.resume();
            first.toCompletableFuture().get(20, TimeUnit.SECONDS);
            assertThat(connection
                            .jetStreamManagement()
                            .getStreamInfo(TelemetryStream.NAME)
                            .getStreamState()
                            .getLastSequence())
                    .isEqualTo(1);
        } finally {
            connection.close();
        }
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
        return JetStreamBus.connect(TestSettings.at(server), Tracing.OFF, Clock.systemUTC(), new Counters());
    }
}
