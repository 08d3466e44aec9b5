package io.sonde.bus;

import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamOptions;
import io.sonde.core.Accounts;
import io.sonde.core.Batch;
import io.sonde.core.Counters;
import io.sonde.core.Receipt;
import io.sonde.core.Recorder;
import io.sonde.core.Tracing;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Batches through a JetStream stream: one message each, safe once the server has acknowledged it, and acknowledged to
 * the server one by one after the recorder has it. What can never be recorded goes to the dead letters.
 */
public final class JetStreamBus implements Bus {
    private static final Logger LOG = LoggerFactory.getLogger(JetStreamBus.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(3);

    private final Connection connection;
    private final TelemetryStream stream;
    private final JetStreamSettings settings;
    private final Tracing tracing;
    private final Clock clock;
    private final Publisher publisher;
    private final StreamWatermark watermark;
    private final DeadLetters deadLetters;
    private final Attempts attempts;
    private final Accounts accounts;
    private final StreamWatch watch;
    /** The batches that a recorder has not answered. */
    private final Room underWay;

    private final BusMetrics metrics;

    private @Nullable Consumption consumption;

    private JetStreamBus(
            Connection connection,
            TelemetryStream stream,
            JetStreamSettings settings,
            Tracing tracing,
            Clock clock,
            Counters counters,
            BusMetrics metrics)
            throws IOException {
        this.connection = connection;
        this.stream = stream;
        this.settings = settings;
        this.tracing = tracing;
        this.clock = clock;
        JetStream jetStream = connection.jetStream(JetStreamOptions.builder()
                .requestTimeout(settings.publishing().timeout())
                .build());
        this.accounts = counters.accounts();
        this.publisher = new Publisher(jetStream, settings.publishing(), tracing, clock, metrics);
        this.deadLetters = new DeadLetters(jetStream, accounts);
        JetStreamSettings.Consuming consuming = settings.consuming();
        this.attempts = new Attempts(settings.deadLettering(), consuming.maxAckPending());
        this.underWay = new Room(consuming.maxAckPending(), consuming.mostBytes());
        this.watermark = new StreamWatermark(settings, clock);
        this.watch = new StreamWatch(connection, stream, watermark, publisher, attempts, clock, metrics);
        this.metrics = metrics;
    }

    /** With nobody looking at its metrics. */
    public static JetStreamBus connect(JetStreamSettings settings, Tracing tracing, Clock clock, Counters counters)
            throws IOException, InterruptedException, JetStreamApiException {
        return connect(settings, tracing, clock, counters, BusMetrics.unseen());
    }

    /**
     * Connects, makes the streams and the consumer where they are missing, and warns of a server that promises less.
     *
     * @param counters where the node keeps its {@link Accounts}
     */
    public static JetStreamBus connect(
            JetStreamSettings settings, Tracing tracing, Clock clock, Counters counters, BusMetrics metrics)
            throws IOException, InterruptedException, JetStreamApiException {
        Connection connection = NatsConnection.open(settings);
        try {
            ServerPromises.warn(connection.getServerInfo(), settings.monitorUrl());
            TelemetryStream stream = new TelemetryStream(connection.jetStreamManagement(), settings);
            stream.ensure();
            JetStreamBus bus = new JetStreamBus(connection, stream, settings, tracing, clock, counters, metrics);
            bus.watch.start();
            return bus;
        } catch (IOException | JetStreamApiException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public void deliverTo(Recorder recorder) {
        Recording recording = new Recording(recorder, watermark, deadLetters, attempts, accounts, tracing, clock);
        Consumption begun = new Consumption(
                connection,
                settings.consuming(),
                underWay,
                () -> new Delivery(connection, recording, attempts, underWay, clock),
                new ReadAhead(stream, attempts, recording, settings.consuming().maxAckPending()),
                new LeftBehind(stream, recording, attempts, underWay, settings, clock),
                clock,
                metrics);
        try {
            begun.begin();
        } catch (IOException | JetStreamApiException e) {
            throw new IllegalStateException("cannot consume " + TelemetryStream.NAME + ": " + e.getMessage(), e);
        }
        consumption = begun;
        watch.over(begun);
    }

    @Override
    public CompletionStage<Receipt> record(Batch batch) {
        return publisher.publish(List.of(batch)).get(0);
    }

    @Override
    public List<CompletionStage<Receipt>> recordAll(List<Batch> batches) {
        return publisher.publish(batches);
    }

    @Override
    public boolean isReady() {
        return connection.getStatus() == Connection.Status.CONNECTED;
    }

    @Override
    public long watermarkMs() {
        return watermark.watermarkMs();
    }

    /** What takes from the stream; absent before {@link #deliverTo}. */
    Optional<Consumption> consumption() {
        return Optional.ofNullable(consumption);
    }

    /** What is under way is given a moment to be acknowledged, or it would only come again after its ack-wait. */
    @Override
    public void close() {
        watch.close();
        try {
            if (consumption != null) {
                consumption.stop();
            }
            if (!underWay.awaitEmpty(CLOSE_LIMIT.toMillis())) {
                LOG.info("batches still under way come again to another node");
            }
            connection.flush(CLOSE_LIMIT);
            connection.close();
        } catch (TimeoutException e) {
            LOG.info("nats did not take the last acknowledgements");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
