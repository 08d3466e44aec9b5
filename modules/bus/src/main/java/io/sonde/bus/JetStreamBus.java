package io.sonde.bus;

import io.nats.client.Connection;
import io.nats.client.ConsumeOptions;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamOptions;
import io.nats.client.Message;
import io.nats.client.MessageConsumer;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.ServerInfo;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import io.sonde.core.Batch;
import io.sonde.core.BatchFormat;
import io.sonde.core.Causes;
import io.sonde.core.Failpoint;
import io.sonde.core.Receipt;
import io.sonde.core.Recorder;
import io.sonde.core.SourceId;
import io.sonde.core.Unavailable;
import io.sonde.core.UnreadableFormat;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Batches through a JetStream stream: one message each, safe once the server has acknowledged it, and acknowledged to
 * the server one by one after the recorder has it. What cannot be read goes to the dead letters.
 */
public final class JetStreamBus implements Bus {
    private static final Logger LOG = LoggerFactory.getLogger(JetStreamBus.class);
    private static final String FIRST_WITH_SYNC_ALWAYS = "2.10.0";
    private static final int RETRY_AFTER_SECONDS = 5;
    private static final Duration REDELIVERY_DELAY = Duration.ofSeconds(1);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(3);
    /** After so many tries, a batch that fails for another reason than time is a dead letter. */
    private static final long MOST_DELIVERIES = 10;

    private static final Duration PING = Duration.ofSeconds(10);
    /** A restarted server has forgotten its pulls; the client misses the heartbeats of this one and pulls again. */
    private static final long PULL_EXPIRES_MS = 4_000;

    private final Connection connection;
    private final JetStream jetStream;
    private final TelemetryStream stream;
    private final StreamWatermark watermark;
    /** The bus itself and each batch that a recorder has not answered. */
    private final Phaser underWay = new Phaser(1);

    private final AtomicBoolean failing = new AtomicBoolean();
    private @Nullable MessageConsumer consumer;

    private JetStreamBus(
            Connection connection, JetStream jetStream, TelemetryStream stream, StreamWatermark watermark) {
        this.connection = connection;
        this.jetStream = jetStream;
        this.stream = stream;
        this.watermark = watermark;
    }

    /** Connects and makes the streams and the consumer where they are missing. */
    public static JetStreamBus connect(JetStreamSettings settings, Clock clock)
            throws IOException, InterruptedException, JetStreamApiException {
        Connection connection = Nats.connect(options(settings));
        try {
            warnOfOldServer(connection.getServerInfo());
            TelemetryStream stream = TelemetryStream.ensure(connection, settings);
            JetStream jetStream = connection.jetStream(JetStreamOptions.builder()
                    .requestTimeout(settings.publishTimeout())
                    .build());
            StreamWatermark watermark = StreamWatermark.follow(stream, settings.publishTimeout(), clock);
            return new JetStreamBus(connection, jetStream, stream, watermark);
        } catch (IOException | JetStreamApiException e) {
            connection.close();
            throw e;
        }
    }

    private static void warnOfOldServer(ServerInfo server) {
        if (server.isOlderThanVersion(FIRST_WITH_SYNC_ALWAYS)) {
            LOG.warn(
                    "nats-server {} knows no sync_interval: always; a power cut may take what it acknowledged with it",
                    server.getVersion());
        }
    }

    private static Options options(JetStreamSettings settings) {
        return Options.builder()
                .server(settings.url())
                .connectionName("sonde")
                .maxReconnects(-1)
                .pingInterval(PING)
                .requestCleanupInterval(Duration.ofSeconds(1))
                // A publication that waits in a buffer for a server to come back looks accepted and is not.
                .reconnectBufferSize(0)
                .errorListener(new NatsErrors())
                .connectionListener((connection, event) -> LOG.info("nats {}: {}", settings.url(), event))
                .build();
    }

    @Override
    public void deliverTo(Recorder recorder) {
        try {
            consumer = connection
                    .getStreamContext(TelemetryStream.NAME)
                    .getConsumerContext(TelemetryStream.CONSUMER)
                    .consume(
                            ConsumeOptions.builder().expiresIn(PULL_EXPIRES_MS).build(),
                            message -> deliver(message, recorder));
        } catch (IOException | JetStreamApiException e) {
            throw new IllegalStateException("cannot consume " + TelemetryStream.NAME + ": " + e.getMessage(), e);
        }
    }

    @Override
    public CompletionStage<Receipt> record(Batch batch) {
        int size = batch.samples().size();
        try {
            return jetStream
                    .publishAsync(subject(batch.source()), BatchFormat.write(batch))
                    .handle((ack, failure) -> {
                        if (failure != null) {
                            throw unavailable(failure);
                        }
                        if (!watermark.isInTime(batch.recvTsMs())) {
                            throw new Unavailable("it took too long to be sure", RETRY_AFTER_SECONDS, null);
                        }
                        return new Receipt(size, 0, 0, false);
                    });
        } catch (IllegalStateException disconnected) {
            return CompletableFuture.failedFuture(unavailable(disconnected));
        }
    }

    private void deliver(Message message, Recorder recorder) {
        Batch batch;
        try {
            batch = BatchFormat.read(message.getData());
        } catch (UnreadableFormat | IllegalArgumentException e) {
            bury(message, String.valueOf(e.getMessage()));
            return;
        }
        underWay.register();
        var unused = recorder.record(batch).handle((receipt, failure) -> {
            settle(message, batch, failure);
            return underWay.arriveAndDeregister();
        });
    }

    private void settle(Message message, Batch batch, @Nullable Throwable failure) {
        if (failure == null) {
            Failpoint.BEFORE_BUS_ACK.pass();
            message.ack();
            if (failing.compareAndSet(true, false)) {
                LOG.info("batches are recorded again");
            }
            return;
        }
        Throwable cause = Causes.of(failure);
        if (!(cause instanceof Unavailable) && message.metaData().deliveredCount() >= MOST_DELIVERIES) {
            bury(message, cause.toString());
            return;
        }
        if (failing.compareAndSet(false, true)) {
            LOG.warn("a batch of {} is not recorded; it and what follows come again", batch.source(), cause);
        }
        message.nakWithDelay(REDELIVERY_DELAY);
    }

    private void bury(Message message, String reason) {
        LOG.warn("a message goes to {}: {}", TelemetryStream.DEAD_LETTERS, reason);
        Headers headers = new Headers().add("Sonde-Reason", reason).add("Sonde-Subject", message.getSubject());
        NatsMessage letter = NatsMessage.builder()
                .subject(TelemetryStream.DEAD_LETTER_SUBJECT)
                .headers(headers)
                .data(message.getData())
                .build();
        var unused = jetStream.publishAsync(letter).whenComplete((ack, failure) -> {
            if (failure == null) {
                message.ack();
            } else {
                message.nakWithDelay(REDELIVERY_DELAY);
            }
        });
    }

    @Override
    public boolean isReady() {
        return connection.getStatus() == Connection.Status.CONNECTED;
    }

    @Override
    public long watermarkMs() {
        return watermark.watermarkMs();
    }

    /** What is under way is given a moment to be acknowledged, or it would only come again after its ack-wait. */
    @Override
    public void close() {
        watermark.close();
        if (consumer != null) {
            consumer.stop();
        }
        try {
            underWay.awaitAdvanceInterruptibly(underWay.arrive(), CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.info("batches still under way come again to another node");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            connection.flush(CLOSE_LIMIT);
            connection.close();
        } catch (TimeoutException e) {
            LOG.info("nats did not take the last acknowledgements");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String subject(SourceId source) {
        return stream.subject(source.tenant(), source.kind());
    }

    private static Unavailable unavailable(Throwable failure) {
        return new Unavailable("the bus did not take it: " + failure.getMessage(), RETRY_AFTER_SECONDS, failure);
    }
}
