package io.sonde.bus;

import io.sonde.core.Accounts;
import io.sonde.core.Accounts.Entry;
import io.sonde.core.Batch;
import io.sonde.core.BatchFormat;
import io.sonde.core.Causes;
import io.sonde.core.Failpoint;
import io.sonde.core.Receipt;
import io.sonde.core.Receipt.Unrecordable;
import io.sonde.core.Recorder;
import io.sonde.core.Tracing;
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

/** A message of the stream, to the recorder and into the accounts; what the recorder can never take, to the dead letters. */
final class Recording {
    private static final Logger LOG = LoggerFactory.getLogger(Recording.class);

    /** What is to become of the message. */
    sealed interface End {}

    /** Recorded, or a dead letter: the stream need not hold it any longer. */
    record Safe(Outcome outcome) implements End {}

    /** To be tried again. */
    record Again(Duration delay) implements End {}

    private final Recorder recorder;
    private final StreamWatermark watermark;
    private final DeadLetters deadLetters;
    private final Attempts attempts;
    private final Accounts accounts;
    private final Tracing tracing;
    private final Clock clock;
    private final AtomicBoolean failing = new AtomicBoolean();

    Recording(
            Recorder recorder,
            StreamWatermark watermark,
            DeadLetters deadLetters,
            Attempts attempts,
            Accounts accounts,
            Tracing tracing,
            Clock clock) {
        this.recorder = recorder;
        this.watermark = watermark;
        this.deadLetters = deadLetters;
        this.attempts = attempts;
        this.accounts = accounts;
        this.tracing = tracing;
        this.clock = clock;
    }

    CompletionStage<End> record(StreamMessage message) {
        Batch batch;
        try {
            batch = BatchFormat.read(message.data()).traced(TraceHeaders.read(message.headers()));
        } catch (UnreadableFormat | IllegalArgumentException e) {
            return unreadable(message, String.valueOf(e.getMessage()));
        }
        Tracing.Step step = begin(message, batch);
        return ask(message, batch.after(step))
                .handle((receipt, failure) -> {
                    step.end(failure);
                    return receipt == null ? failed(message, batch, failure) : recorded(message, batch, receipt);
                })
                .thenCompose(end -> end);
    }

    /** Before its turn: it still has to be delivered, which then counts nothing twice. */
    CompletionStage<Receipt> recordAhead(StreamMessage message) {
        Batch batch;
        try {
            batch = BatchFormat.read(message.data()).traced(TraceHeaders.read(message.headers()));
        } catch (UnreadableFormat | IllegalArgumentException e) {
            return CompletableFuture.failedFuture(e);
        }
        Tracing.Step step = begin(message, batch);
        return ask(message, batch.after(step)).whenComplete((receipt, failure) -> {
            step.end(failure);
            if (failure == null) {
                account(message, batch, receipt);
            }
        });
    }

    private Tracing.Step begin(StreamMessage message, Batch batch) {
        Tracing.Step step = tracing.begin(Tracing.Hop.CONSUME, batch.contexts());
        step.say("messaging.system", "nats");
        step.say("messaging.destination.name", message.subject());
        step.say("sonde.delivery", message.times());
        return step;
    }

    private CompletionStage<Receipt> ask(StreamMessage message, Batch batch) {
        try {
            return recorder.record(watermark.judged(batch, message.id()));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletionStage<End> recorded(StreamMessage message, Batch batch, Receipt receipt) {
        Failpoint.BEFORE_BUS_ACK.pass();
        account(message, batch, receipt);
        if (failing.compareAndSet(true, false)) {
            LOG.info("batches are recorded again");
        }
        Outcome outcome = Outcome.of(receipt);
        return receipt.unrecordable().isEmpty()
                ? CompletableFuture.completedFuture(new Safe(outcome))
                : bury(message, unrecordable(message, batch, receipt), outcome, false);
    }

    /** Only what cannot be recorded: its neighbours are. */
    private DeadLetter unrecordable(StreamMessage message, Batch batch, Receipt receipt) {
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

    private void account(StreamMessage message, Batch batch, Receipt receipt) {
        boolean first = attempts.recorded(message.id(), batch.source());
        if (!first) {
            int counted = receipt.accepted() + receipt.duplicate() + receipt.late();
            accounts.add(batch.source(), Entry.REDELIVERED, counted);
            return;
        }
        // It was dead-lettered before, which stays so: it comes in once more.
        accounts.add(
                batch.source(), Entry.RECEIVED, batch.replay() ? batch.samples().size() : 0);
        accounts.settle(batch.source(), receipt);
        if (message.times() > 1 && receipt.accepted() == 0 && receipt.late() == 0) {
            // Either its sender sent it twice, or another node has counted it and its acknowledgement was lost.
            accounts.add(batch.source(), Entry.REDELIVERED, receipt.duplicate());
        }
    }

    private CompletionStage<End> failed(StreamMessage message, Batch batch, @Nullable Throwable failure) {
        Throwable cause = failure == null ? new IllegalStateException("no receipt") : Causes.of(failure);
        Instant at = clock.instant();
        Attempts.Next next = attempts.failed(message.id(), batch.source(), cause instanceof Unavailable, at);
        if (next instanceof Attempts.GiveUp giveUp) {
            String detail = cause.toString();
            DeadLetter letter =
                    DeadLetter.of(message, batch, message.data(), DeadLetter.Reason.FAILED, detail, giveUp.first(), at);
            return bury(message, letter, new Outcome.DeadAgain(detail), batch.replay());
        }
        if (failing.compareAndSet(false, true)) {
            LOG.warn("a batch of {} is not recorded; it and what follows come again", batch.source(), cause);
        }
        return CompletableFuture.completedFuture(new Again(((Attempts.Again) next).delay()));
    }

    /** Perhaps only by this node: during a rolling upgrade another one may know its version. */
    private CompletionStage<End> unreadable(StreamMessage message, String detail) {
        Instant at = clock.instant();
        Attempts.Next next = attempts.unreadable(message.id(), at);
        if (next instanceof Attempts.GiveUp giveUp) {
            DeadLetter letter = DeadLetter.unreadable(message, detail, giveUp.first(), at);
            return bury(message, letter, new Outcome.DeadAgain(detail), false);
        }
        return CompletableFuture.completedFuture(new Again(((Attempts.Again) next).delay()));
    }

    /** @param received whether its events come in once more, and are not entered as such yet */
    private CompletionStage<End> bury(StreamMessage message, DeadLetter letter, Outcome outcome, boolean received) {
        return deadLetters.bury(message.id(), letter).handle((ack, failure) -> {
            if (failure != null) {
                return new Again(attempts.longestDelay());
            }
            if (received && !ack.isDuplicate()) {
                accounts.add(letter.tenant(), letter.kind(), Entry.RECEIVED, letter.events());
            }
            return new Safe(outcome);
        });
    }
}
