package io.sonde.bus;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the stream and its consumer each second: moves the watermark, wakes a stalled consumption, makes anew what was
 * deleted, and says how much was lost when the server knows less than it had acknowledged.
 */
final class StreamWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StreamWatch.class);
    private static final long LONGEST_PAUSE_MS = Duration.ofSeconds(30).toMillis();

    /** Looks. */
    private static final long DEAD_LETTERS_EVERY = 5;

    private static final Duration SAME = Duration.ofSeconds(1);

    private final Connection connection;
    private final TelemetryStream stream;
    private final StreamWatermark watermark;
    private final Publisher publisher;
    private final Attempts attempts;
    private final Clock clock;
    private final BusMetrics metrics;
    private final ScheduledExecutorService poller = Executors.newSingleThreadScheduledExecutor(StreamWatch::thread);
    private volatile @Nullable Consumption consumption;
    private @Nullable Seen seen;
    private long looks;
    private long pauseMs = 1_000;
    private long notBeforeMs = Long.MIN_VALUE;

    /**
     * @param unacknowledged how many messages were not acknowledged
     * @param consumerMade when the consumer was made, which is anew when its stream is
     */
    private record Seen(ZonedDateTime streamMade, ZonedDateTime consumerMade, long last, long unacknowledged) {}

    StreamWatch(
            Connection connection,
            TelemetryStream stream,
            StreamWatermark watermark,
            Publisher publisher,
            Attempts attempts,
            Clock clock,
            BusMetrics metrics) {
        this.connection = connection;
        this.stream = stream;
        this.watermark = watermark;
        this.publisher = publisher;
        this.attempts = attempts;
        this.clock = clock;
        this.metrics = metrics;
    }

    void start() {
        var unused = poller.scheduleWithFixedDelay(this::look, 0, 1, TimeUnit.SECONDS);
    }

    void over(Consumption begun) {
        consumption = begun;
    }

    private void look() {
        metrics.connected(connection.getStatus() == Connection.Status.CONNECTED);
        if (connection.getStatus() != Connection.Status.CONNECTED || clock.millis() < notBeforeMs) {
            watermark.stand(new IOException("nats " + connection.getStatus()));
            return;
        }
        try {
            // Asked in this order, what it has acknowledged it must know.
            long acknowledged = publisher.highestSequence();
            long askedMs = clock.millis();
            StreamInfo info = stream.info();
            ConsumerInfo consumer = stream.consumerInfo();
            metrics.seen(info, consumer);
            compare(info, consumer, acknowledged);
            watermark.advance(oldest(info), info, askedMs);
            Consumption watched = consumption;
            if (watched != null) {
                watched.look(info, consumer);
            }
            pauseMs = 1_000;
            if (looks++ % DEAD_LETTERS_EVERY == 0) {
                metrics.seenDeadLetters(stream.deadLetterInfo());
            }
        } catch (JetStreamApiException e) {
            watermark.stand(e);
            if (TelemetryStream.isMissing(e)) {
                makeAnew(e);
            }
        } catch (IOException | RuntimeException e) {
            watermark.stand(e);
        }
    }

    private Optional<MessageInfo> oldest(StreamInfo info) throws IOException, JetStreamApiException {
        return info.getStreamState().getMsgCount() == 0 ? Optional.empty() : stream.firstAfter(0);
    }

    private void compare(StreamInfo info, ConsumerInfo consumer, long acknowledged)
            throws IOException, JetStreamApiException {
        Seen before = seen;
        long last = info.getStreamState().getLastSequence();
        seen = new Seen(
                info.getCreateTime(),
                consumer.getCreationTime(),
                last,
                consumer.getNumPending() + consumer.getNumAckPending());
        if (before == null) {
            return;
        }
        if (isAnother(before.streamMade, info.getCreateTime())) {
            sayLost("was made anew by somebody else", before, acknowledged);
            beginAnew();
        } else if (last < Math.max(before.last, acknowledged)) {
            LOG.warn(
                    "{} has lost {} messages that it had acknowledged: its last is {}, and it was {}",
                    TelemetryStream.NAME,
                    Math.max(before.last, acknowledged) - last,
                    last,
                    Math.max(before.last, acknowledged));
            beginAnew();
        } else if (isAnother(before.consumerMade, consumer.getCreationTime())) {
            LOG.warn("the consumer of {} was made anew; what is not acknowledged comes again", TelemetryStream.NAME);
            beginAnew();
        }
    }

    /** After a restart a server tells a moment that is some milliseconds later than the one it told before. */
    private static boolean isAnother(ZonedDateTime before, ZonedDateTime made) {
        return Duration.between(before, made).abs().compareTo(SAME) > 0;
    }

    /** With pauses that grow, so that nodes and an operator who deletes do not fight. */
    private void makeAnew(JetStreamApiException missing) {
        LOG.warn("{} or its consumer is gone ({}); making them anew", TelemetryStream.NAME, missing.getMessage());
        notBeforeMs = clock.millis() + pauseMs;
        pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
        Seen before = seen;
        long acknowledged = publisher.highestSequence();
        Consumption gone = consumption;
        if (gone != null) {
            gone.end();
        }
        try {
            boolean streamIsGone = stream.isGone();
            stream.ensure();
            if (streamIsGone && before != null) {
                sayLost("is gone, and made anew", before, acknowledged);
            }
            seen = null;
            beginAnew();
        } catch (IOException | JetStreamApiException | RuntimeException e) {
            LOG.warn("{} cannot be made anew yet: {}", TelemetryStream.NAME, e.getMessage());
        }
    }

    private static void sayLost(String what, Seen before, long acknowledged) {
        LOG.warn(
                "{} {}: {} messages that were not recorded when last looked at are lost, and so are those of the {} "
                        + "published since that were not recorded yet; their senders were told that they were taken",
                TelemetryStream.NAME,
                what,
                before.unacknowledged,
                Math.max(0, acknowledged - before.last));
    }

    private void beginAnew() throws IOException, JetStreamApiException {
        publisher.forget();
        attempts.forget();
        Consumption begun = consumption;
        if (begun != null) {
            begun.end();
            begun.begin();
        }
    }

    @Override
    public void close() {
        poller.shutdownNow();
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "sonde-stream-watch");
        thread.setDaemon(true);
        return thread;
    }
}
