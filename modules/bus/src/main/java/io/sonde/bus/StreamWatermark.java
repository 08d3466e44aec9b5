package io.sonde.bus;

import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamInfo;
import io.sonde.core.Batch;
import io.sonde.core.Watermark;
import java.time.Clock;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The watermark of the stream. Every batch was received at most so long before the stream stored it, so below the oldest
 * unacknowledged message's time less that, nothing can still come. It rests on times and not on sequence numbers,
 * which begin anew with a stream that was lost, and it never goes back.
 */
final class StreamWatermark implements Watermark {
    private static final Logger LOG = LoggerFactory.getLogger(StreamWatermark.class);
    /** From the stamp of its receipt to its publication. */
    private static final long MARGIN_MS = 2_000;

    private static final long WARN_ABOVE_MS = Duration.ofMinutes(5).toMillis();

    private final long onItsWayMs;
    private final Clock clock;
    private final AtomicBoolean warned = new AtomicBoolean();
    private final AtomicBoolean clocksDiffer = new AtomicBoolean();
    private final long startedMs;
    private volatile long watermarkMs = Long.MIN_VALUE;

    StreamWatermark(JetStreamSettings settings, Clock clock) {
        this.onItsWayMs =
                onItsWayMs(settings.publishing()) + settings.clockDifference().toMillis();
        this.clock = clock;
        this.startedMs = clock.millis();
    }

    /** The longest way of a batch from the stamp of its receipt into the stream, by the edge's own clock. */
    static long onItsWayMs(JetStreamSettings.Publishing settings) {
        return settings.timeout().toMillis() + MARGIN_MS;
    }

    @Override
    public long watermarkMs() {
        return watermarkMs;
    }

    /**
     * The first message that is there is the oldest unacknowledged one, for the stream is a work queue; the consumer's ack floor
     * is not asked, because a server that was killed may hold it for ever (see {@link LeftBehind}).
     *
     * @param oldest the first message that is there, if any
     * @param info asked just now, before that; where the server tells its own time, no clock of a node matters
     */
    void advance(Optional<MessageInfo> oldest, StreamInfo info, long askedMs) {
        long oldestMs = oldest.map(message -> message.getTime().toInstant().toEpochMilli())
                .orElseGet(() -> serverTimeMs(info.getTimestamp(), askedMs));
        watermarkMs = Math.max(watermarkMs, oldestMs - onItsWayMs);
        warnWhenOld(info.getStreamState().getMsgCount() + " batches are not acknowledged");
    }

    /** It could not be asked: standing still is always safe, windows are only kept longer. */
    void stand(Exception why) {
        LOG.debug("the watermark stands at {}", watermarkMs, why);
        warnWhenOld(why.toString());
    }

    /**
     * The batch as it is to be recorded. One that was received before the watermark is against all that the watermark
     * rests on: the clocks differ by more than {@code clock-difference}, or an old stream was restored. For a sealed window
     * it would be taken for a duplicate; marked as a replay, it is answered late, which is counted.
     */
    Batch judged(Batch batch, MessageId id) {
        if (batch.replay() || batch.recvTsMs() >= Math.max(watermarkMs, id.storedMs() - onItsWayMs)) {
            return batch;
        }
        if (clocksDiffer.compareAndSet(false, true)) {
            LOG.warn(
                    "a batch of {} was received {} ms before the stream stored it: the clocks of that edge and of nats differ,"
                            + " or old messages were restored; where its window is sealed, its events are late"
                            + " (sonde.nats.clock-difference)",
                    batch.source(),
                    id.storedMs() - batch.recvTsMs());
        }
        return new Batch(batch.source(), batch.recvTsMs(), batch.attributes(), batch.samples(), true, batch.traces());
    }

    private void warnWhenOld(String why) {
        long ageMs = clock.millis() - Math.max(watermarkMs, startedMs);
        if (ageMs > WARN_ABOVE_MS && warned.compareAndSet(false, true)) {
            LOG.warn(
                    "the watermark is {} s old, no window is sealed meanwhile and memory grows with them: {}",
                    ageMs / 1000,
                    why);
        } else if (ageMs <= WARN_ABOVE_MS && warned.compareAndSet(true, false)) {
            LOG.info("the watermark moves again");
        }
    }

    private static long serverTimeMs(@Nullable ZonedDateTime server, long askedMs) {
        return server == null ? askedMs : server.toInstant().toEpochMilli();
    }
}
