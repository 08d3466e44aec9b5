package io.sonde.bus;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.sonde.core.Accounts;
import io.sonde.core.Accounts.Entry;
import io.sonde.core.Batch;
import io.sonde.core.BatchFormat;
import io.sonde.core.Causes;
import io.sonde.core.Failpoint;
import io.sonde.core.Receipt;
import io.sonde.core.Receipt.Unrecordable;
import io.sonde.core.Recorder;
import io.sonde.core.Unavailable;
import io.sonde.core.UnreadableFormat;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages of one incarnation of the stream, each to the recorder, and its acknowledgement back: acknowledged when
 * recorded or safe among the dead letters, delivered again otherwise.
 */
final class Delivery {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
    private final Connection connection;
    private final Recorder recorder;
    private final StreamWatermark watermark;
    private final DeadLetters deadLetters;
    private final Attempts attempts;
    private final Accounts accounts;
    private final Room room;
    private final Clock clock;
    private final AtomicBoolean failing = new AtomicBoolean();
    private volatile boolean over;

    Delivery(
            Connection connection,
            Recorder recorder,
            StreamWatermark watermark,
            DeadLetters deadLetters,
            Attempts attempts,
            Accounts accounts,
            Room room,
            Clock clock) {
        this.connection = connection;
        this.recorder = recorder;
        this.watermark = watermark;
        this.deadLetters = deadLetters;
        this.attempts = attempts;
        this.accounts = accounts;
        this.room = room;
        this.clock = clock;
    }

    /** Waits while too much is under way, so that the client does not fetch more. */
    void deliver(Message message) throws InterruptedException {
        byte[] bytes = message.getData();
        Batch batch;
        try {
            batch = BatchFormat.read(bytes);
        } catch (UnreadableFormat | IllegalArgumentException e) {
            bury(message, DeadLetter.unreadable(message, String.valueOf(e.getMessage()), clock.instant()));
            return;
        }
        room.enter(bytes.length);
        var unused = record(watermark.judged(batch, MessageId.of(message))).handle((receipt, failure) -> {
            try {
                settle(message, batch, receipt, failure);
            } finally {
                room.leave(bytes.length);
            }
            return receipt;
        });
    }

    /**
     * The stream that these messages came from is gone. In the next one their sequence numbers are those of other
     * messages, and an acknowledgement would be theirs.
     */
    void end() {
        over = true;
    }

    private CompletionStage<Receipt> record(Batch batch) {
        try {
            return recorder.record(batch);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void settle(Message message, Batch batch, @Nullable Receipt receipt, @Nullable Throwable failure) {
        if (receipt == null) {
            retry(message, batch, failure == null ? new IllegalStateException("no receipt") : Causes.of(failure));
            return;
        }
        Failpoint.BEFORE_BUS_ACK.pass();
        account(batch, receipt, attempts.recorded(MessageId.of(message), batch.source()));
        if (failing.compareAndSet(true, false)) {
            LOG.info("batches are recorded again");
        }
        if (receipt.unrecordable().isEmpty()) {
            acknowledge(message);
        } else {
            bury(message, unrecordable(message, batch, receipt));
        }
        answer(message, Outcome.bytes(receipt));
    }

    /** Only what cannot be recorded: its neighbours are. */
    private DeadLetter unrecordable(Message message, Batch batch, Receipt receipt) {
        Set<UUID> ids = receipt.unrecordable().stream().map(Unrecordable::id).collect(Collectors.toSet());
        Batch part = batch.with(batch.samples().stream()
                .filter(sample -> ids.contains(sample.id()))
                .toList());
        String detail = receipt.unrecordable().stream()
                .map(Unrecordable::reason)
                .distinct()
                .collect(Collectors.joining("; "));
        Instant at = clock.instant();
        return DeadLetter.of(message, part, BatchFormat.write(part), DeadLetter.Reason.UNRECORDABLE, detail, at, at);
    }

    private void account(Batch batch, Receipt receipt, boolean first) {
        int counted = receipt.accepted() + receipt.duplicate() + receipt.late();
        if (!first) {
            accounts.add(batch.source(), Entry.REDELIVERED, counted);
            return;
        }
        // It was dead-lettered before, which stays so: it comes in once more.
        accounts.add(
                batch.source(), Entry.RECEIVED, batch.replay() ? batch.samples().size() : 0);
        accounts.settle(batch.source(), receipt);
    }

    private void retry(Message message, Batch batch, Throwable failure) {
        boolean now = failure instanceof Unavailable;
        Instant at = clock.instant();
        Attempts.Next next = attempts.failed(MessageId.of(message), batch.source(), now, at);
        if (next instanceof Attempts.GiveUp giveUp) {
            String detail = failure.toString();
            bury(
                    message,
                    DeadLetter.of(
                            message, batch, message.getData(), DeadLetter.Reason.FAILED, detail, giveUp.first(), at));
            answer(message, Outcome.deadAgain(detail));
            return;
        }
        if (failing.compareAndSet(false, true)) {
            LOG.warn("a batch of {} is not recorded; it and what follows come again", batch.source(), failure);
        }
        again(message, ((Attempts.Again) next).delay());
    }

    private void bury(Message message, DeadLetter letter) {
        var unused = deadLetters.bury(MessageId.of(message), letter).whenComplete((ack, failure) -> {
            if (failure == null) {
                acknowledge(message);
            } else {
                again(message, attempts.longestDelay());
            }
        });
    }

    private void acknowledge(Message message) {
        toServer(message::ack);
    }

    private void again(Message message, Duration delay) {
        toServer(() -> message.nakWithDelay(delay));
    }

    /** What the server is not told, because it is away, it finds out by its ack-wait. */
    private void toServer(Runnable said) {
        if (over) {
            return;
        }
        try {
            said.run();
        } catch (IllegalStateException disconnected) {
            LOG.debug("an acknowledgement was not sent", disconnected);
        }
    }

    private void answer(Message message, byte[] outcome) {
        Headers headers = message.getHeaders();
        String to = headers == null ? null : headers.getFirst(Outcome.HEADER);
        if (to != null) {
            toServer(() -> connection.publish(to, outcome));
        }
    }
}
