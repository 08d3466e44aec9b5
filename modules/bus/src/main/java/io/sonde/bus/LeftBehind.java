package io.sonde.bus;

import io.nats.client.JetStreamApiException;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamInfo;
import io.sonde.core.Accounts;
import io.sonde.core.Accounts.Entry;
import io.sonde.core.Batch;
import io.sonde.core.BatchFormat;
import io.sonde.core.Receipt;
import io.sonde.core.Recorder;
import io.sonde.core.UnreadableFormat;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages that the server holds and delivers to nobody any more: after it was killed it may know them as acknowledged and
 * hold them all the same, and they would fill the stream and hold the watermark for ever. When they had twice the time in
 * which any message comes again, they are recorded once more and deleted, which is as good as acknowledged.
 */
final class LeftBehind {
    private static final Logger LOG = LoggerFactory.getLogger(LeftBehind.class);
    private static final int MOST_AT_ONCE = 500;
    private static final long PAUSE_AFTER_FAILURE_MS = Duration.ofSeconds(30).toMillis();

    private final TelemetryStream stream;
    private final StreamWatermark watermark;
    private final Accounts accounts;
    private final Clock clock;
    private final long patienceMs;
    private final AtomicInteger underWay = new AtomicInteger();
    /** Replaced when the stream counts anew, so that nothing of the new one is deleted for the old one. */
    private volatile Queue<Long> recorded = new ConcurrentLinkedQueue<>();

    private volatile long notBeforeMs = Long.MIN_VALUE;
    private volatile int atOnce = 1;
    private long noticedUpTo = -1;
    private long noticedMs;

    LeftBehind(
            TelemetryStream stream,
            StreamWatermark watermark,
            JetStreamSettings settings,
            Accounts accounts,
            Clock clock) {
        this.stream = stream;
        this.watermark = watermark;
        this.accounts = accounts;
        this.clock = clock;
        this.patienceMs = settings.consuming()
                .ackWait()
                .plus(settings.deadLettering().longestDelay())
                .multipliedBy(2)
                .toMillis();
    }

    /** The stream counts anew. */
    void forget() {
        recorded = new ConcurrentLinkedQueue<>();
        noticedUpTo = -1;
    }

    /** Both asked just now. */
    void look(StreamInfo info, ConsumerInfo consumer, Recorder recorder) throws IOException, JetStreamApiException {
        deleteRecorded();
        long now = clock.millis();
        boolean isEmpty = info.getStreamState().getMsgCount() == 0;
        if (isEmpty || info.getStreamState().getFirstSequence() > noticedUpTo) {
            noticedUpTo = consumer.getDelivered().getStreamSequence();
            noticedMs = now;
        } else if (now - noticedMs > patienceMs && now >= notBeforeMs && underWay.get() == 0) {
            recordAgain(recorder);
        }
    }

    /** All that had been delivered when it was noticed, and is still here. One first: it may be the journal that is away. */
    private void recordAgain(Recorder recorder) throws IOException, JetStreamApiException {
        Optional<MessageInfo> next = stream.firstAfter(0);
        int tried = 0;
        while (tried < atOnce && next.isPresent() && next.get().getSeq() <= noticedUpTo) {
            recordAgain(next.get(), recorder);
            tried++;
            next = stream.firstAfter(next.get().getSeq());
        }
        if (tried > 0) {
            LOG.info(
                    "{} messages were delivered, and neither acknowledged nor delivered again: recorded once more",
                    tried);
        }
        atOnce = Math.min(10 * atOnce, MOST_AT_ONCE);
    }

    private void recordAgain(MessageInfo message, Recorder recorder) {
        Queue<Long> into = recorded;
        Batch batch;
        try {
            batch = BatchFormat.read(message.getData());
        } catch (UnreadableFormat | IllegalArgumentException e) {
            LOG.debug("message {} is unreadable", message.getSeq(), e);
            return;
        }
        underWay.incrementAndGet();
        MessageId id =
                new MessageId(message.getSeq(), message.getTime().toInstant().toEpochMilli());
        var unused = recorder.record(watermark.judged(batch, id)).handle((receipt, failure) -> {
            underWay.decrementAndGet();
            if (failure != null || !receipt.unrecordable().isEmpty()) {
                notBeforeMs = clock.millis() + PAUSE_AFTER_FAILURE_MS;
                atOnce = 1;
                return receipt;
            }
            account(batch, receipt);
            into.add(id.sequence());
            return receipt;
        });
    }

    /** Only duplicates: counted when it was recorded first. */
    private void account(Batch batch, Receipt receipt) {
        if (receipt.accepted() == 0 && receipt.late() == 0) {
            accounts.add(batch.source(), Entry.REDELIVERED, receipt.duplicate());
        } else {
            accounts.settle(batch.source(), receipt);
        }
    }

    private void deleteRecorded() throws IOException, JetStreamApiException {
        Queue<Long> from = recorded;
        for (Long sequence = from.poll(); sequence != null; sequence = from.poll()) {
            stream.delete(sequence);
        }
    }
}
