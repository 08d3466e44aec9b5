package io.sonde.bus;

import io.nats.client.JetStreamApiException;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages that the server holds and delivers to nobody any more: after it was killed it may know them as acknowledged and
 * hold them all the same, and they would fill the stream and hold the watermark for ever. When they had twice the time in
 * which any message comes again, and did not come, they are recorded once more, or buried, and deleted, which is as good as
 * acknowledged.
 */
final class LeftBehind {
    private static final Logger LOG = LoggerFactory.getLogger(LeftBehind.class);
    private static final int MOST_AT_ONCE = 2_000;
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(30);
    /** It was delivered when it was noticed, and is looked up now. */
    private static final int TIMES = 2;

    private final TelemetryStream stream;
    private final Recording recording;
    private final Attempts attempts;
    private final Room room;
    private final Clock clock;
    private final Duration patience;
    private final AtomicInteger underWay = new AtomicInteger();
    /** Replaced when the stream counts anew, so that nothing of the new one is deleted for the old one. */
    private volatile Queue<Long> safe = new ConcurrentLinkedQueue<>();

    private volatile Instant notBefore = Instant.MIN;
    private long noticedUpTo = -1;
    private Instant noticed = Instant.MIN;
    /** Up to here they had their turn; what failed has its next one after all others had theirs. */
    private long cursor;

    private boolean isThereAny;

    LeftBehind(
            TelemetryStream stream,
            Recording recording,
            Attempts attempts,
            Room room,
            JetStreamSettings settings,
            Clock clock) {
        this.stream = stream;
        this.recording = recording;
        this.attempts = attempts;
        this.room = room;
        this.clock = clock;
        this.patience = settings.consuming()
                .ackWait()
                .plus(settings.deadLettering().longestDelay())
                .multipliedBy(2);
    }

    /** The stream counts anew. */
    void forget() {
        safe = new ConcurrentLinkedQueue<>();
        noticedUpTo = -1;
    }

    /** Both asked just now. */
    void look(StreamInfo info, ConsumerInfo consumer) throws IOException, JetStreamApiException {
        deleteSafe();
        Instant now = clock.instant();
        boolean isEmpty = info.getStreamState().getMsgCount() == 0;
        if (isEmpty || info.getStreamState().getFirstSequence() > noticedUpTo) {
            notice(consumer, now);
        } else if (noticed.plus(patience).isBefore(now) && !now.isBefore(notBefore) && underWay.get() == 0) {
            recordAgain(consumer, now);
        }
    }

    private void notice(ConsumerInfo consumer, Instant now) {
        noticedUpTo = consumer.getDelivered().getStreamSequence();
        noticed = now;
        beginWithTheFirst();
    }

    private void beginWithTheFirst() {
        cursor = 0;
        isThereAny = false;
    }

    /** Of all that had been delivered when it was noticed, what is still here and has not come again since. */
    private void recordAgain(ConsumerInfo consumer, Instant now) throws IOException, JetStreamApiException {
        for (int i = 0; i < MOST_AT_ONCE; i++) {
            Optional<MessageInfo> next = stream.firstAfter(cursor);
            if (next.isEmpty() || next.get().getSeq() > noticedUpTo) {
                endRound(consumer, now);
                return;
            }
            StreamMessage message = StreamMessage.of(next.get(), TIMES);
            if (!attempts.cameSince(message.id(), now.minus(patience)) && !recordAgain(message)) {
                return;
            }
            cursor = message.id().sequence();
        }
    }

    private void endRound(ConsumerInfo consumer, Instant now) {
        if (isThereAny) {
            beginWithTheFirst();
        } else {
            notice(consumer, now);
        }
    }

    /** False when too much is under way. */
    private boolean recordAgain(StreamMessage message) {
        int size = message.data().length;
        if (!room.tryEnter(size)) {
            return false;
        }
        isThereAny = true;
        underWay.incrementAndGet();
        Queue<Long> into = safe;
        var unused = recording.record(message).whenComplete((end, failure) -> {
            if (end instanceof Recording.Safe) {
                into.add(message.id().sequence());
            } else {
                notBefore = clock.instant().plus(PAUSE_AFTER_FAILURE);
            }
            room.leave(size);
            underWay.decrementAndGet();
        });
        return true;
    }

    private void deleteSafe() throws IOException, JetStreamApiException {
        Queue<Long> from = safe;
        int deleted = 0;
        for (Long sequence = from.poll(); sequence != null; sequence = from.poll()) {
            stream.delete(sequence);
            deleted++;
        }
        if (deleted > 0) {
            LOG.info(
                    "{} messages had been delivered, and were neither acknowledged nor delivered again: recorded once more"
                            + " or buried, and deleted",
                    deleted);
        }
    }
}
