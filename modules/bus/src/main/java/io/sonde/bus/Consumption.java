package io.sonde.bus;

import io.nats.client.Connection;
import io.nats.client.ConsumeOptions;
import io.nats.client.JetStreamApiException;
import io.nats.client.MessageConsumer;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's share of the stream's consumer. The client pulls by itself and has been seen to stop doing so without a
 * word (nats.java #1313, #1321, #1345 and others), so whether anything still comes is watched here, and a stalled
 * consumption is begun anew.
 */
final class Consumption {
    private static final Logger LOG = LoggerFactory.getLogger(Consumption.class);
    /** A restarted server has forgotten its pulls; the client misses the heartbeats of this one and pulls again. */
    private static final long PULL_EXPIRES_MS = 4_000;
    /** So many are asked for at once. A message is handed on as soon as it comes, so this is no bound of anything. */
    private static final int FETCH = 500;

    /** Between two pulls there is none for a moment, and a look may fall into it; not so many in a row. */
    private static final int TIMES_NOBODY_ASKS = 5;
    /** A batch may wait for the moment of a look; not for two. */
    private static final int TIMES_SOMETHING_WAITS = 2;

    private final Connection connection;
    private final JetStreamSettings.Consuming settings;
    private final Room room;
    private final Supplier<Delivery> deliveries;
    private final ReadAhead readAhead;
    private final LeftBehind leftBehind;
    private final Clock clock;
    private final BusMetrics metrics;
    private final AtomicLong restarts = new AtomicLong();
    private volatile long lastCameMs;
    private @Nullable MessageConsumer consumer;
    private @Nullable Delivery delivery;
    private @Nullable MessageConsumer left;
    private int timesSomethingWaited;
    private int timesNobodyAsked;
    private long reconnects;

    Consumption(
            Connection connection,
            JetStreamSettings.Consuming settings,
            Room room,
            Supplier<Delivery> deliveries,
            ReadAhead readAhead,
            LeftBehind leftBehind,
            Clock clock,
            BusMetrics metrics) {
        this.connection = connection;
        this.settings = settings;
        this.room = room;
        this.deliveries = deliveries;
        this.readAhead = readAhead;
        this.leftBehind = leftBehind;
        this.clock = clock;
        this.metrics = metrics;
    }

    synchronized void begin() throws IOException, JetStreamApiException {
        Delivery begun = deliveries.get();
        lastCameMs = clock.millis();
        consumer = connection
                .getStreamContext(TelemetryStream.NAME)
                .getConsumerContext(TelemetryStream.CONSUMER)
                .consume(
                        ConsumeOptions.builder()
                                .expiresIn(PULL_EXPIRES_MS)
                                .batchSize(FETCH)
                                .batchBytes(settings.mostBytes())
                                .build(),
                        message -> {
                            lastCameMs = clock.millis();
                            begun.deliver(message);
                        });
        delivery = begun;
    }

    /** Takes no more. What is under way may still be acknowledged. */
    synchronized void stop() {
        if (consumer != null) {
            consumer.stop();
        }
    }

    /** The stream or its consumer is gone: nothing of it may be acknowledged any more. */
    synchronized void end() {
        if (delivery != null) {
            delivery.end();
        }
        leftBehind.forget();
        letGo();
    }

    /** How often a consumption that had stalled was begun anew. */
    long restarts() {
        return restarts.get();
    }

    /** Both asked just now. */
    void look(StreamInfo info, ConsumerInfo consumerInfo) throws IOException, JetStreamApiException {
        restartAfterReconnect();
        restartIfStalled(consumerInfo);
        readAhead.look(consumerInfo);
        leftBehind.look(info, consumerInfo);
    }

    private void restartIfStalled(ConsumerInfo info) throws IOException, JetStreamApiException {
        boolean waits = info.getNumPending() > 0 && info.getNumAckPending() < settings.maxAckPending();
        timesSomethingWaited = waits ? timesSomethingWaited + 1 : 0;
        timesNobodyAsked = info.getNumWaiting() == 0 ? timesNobodyAsked + 1 : 0;
        boolean suspicious = timesSomethingWaited >= TIMES_SOMETHING_WAITS || timesNobodyAsked >= TIMES_NOBODY_ASKS;
        if (!suspicious || !room.isEmpty()) {
            return;
        }
        long silentMs = clock.millis() - lastCameMs;
        if (silentMs > settings.stalledAfter().toMillis()) {
            restarts.incrementAndGet();
            metrics.restarts.inc();
            LOG.warn(
                    "nothing came for {} s although {} batches wait (pulls at the server: {}); consuming anew, for the {}. time",
                    silentMs / 1000,
                    info.getNumPending(),
                    info.getNumWaiting(),
                    restarts);
            leave();
            begin();
        }
    }

    /** A server that was restarted has forgotten the pulls, and the client takes 10 to 15 s to find that out. */
    private void restartAfterReconnect() throws IOException, JetStreamApiException {
        long now = connection.getStatistics().getReconnects();
        if (now != reconnects) {
            reconnects = now;
            leave();
            begin();
        }
    }

    /** What has come and waits in the client is still delivered, until the next one is left. */
    private synchronized void leave() {
        close(left);
        left = consumer;
        stop();
    }

    private synchronized void letGo() {
        close(left);
        close(consumer);
    }

    private static void close(@Nullable MessageConsumer consumer) {
        if (consumer != null) {
            try {
                consumer.close();
            } catch (Exception e) {
                LOG.debug("the old consumption did not end", e);
            }
        }
    }
}
