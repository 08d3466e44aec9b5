package io.sonde.bus;

import io.nats.client.JetStream;
import io.nats.client.PublishOptions;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.NatsMessage;
import io.sonde.core.Accounts;
import io.sonde.core.Causes;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts into the stream of dead letters what cannot be recorded. It is safe there once the stage completes. */
final class DeadLetters {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);

    private final JetStream jetStream;
    private final Accounts accounts;
    private final AtomicBoolean refused = new AtomicBoolean();

    DeadLetters(JetStream jetStream, Accounts accounts) {
        this.jetStream = jetStream;
        this.accounts = accounts;
    }

    /** The letter carries the message's id: a second one of the same, after a lost acknowledgement, is recognised. */
    CompletionStage<PublishAck> bury(MessageId id, DeadLetter letter) {
        LOG.warn(
                "{} events of {} in message {} go to {} after {} attempts, {}: {}",
                letter.events(),
                letter.source().isEmpty() ? "an unknown source" : letter.source(),
                id,
                TelemetryStream.DEAD_LETTERS,
                letter.attempts(),
                letter.reason().code(),
                letter.detail());
        return send(id, letter).whenComplete((ack, failure) -> {
            if (failure == null) {
                long added = ack.isDuplicate() ? 0 : letter.events();
                accounts.add(letter.tenant(), letter.kind(), Accounts.Entry.DEAD_LETTERED, added);
                refused.set(false);
            } else if (refused.compareAndSet(false, true)) {
                LOG.warn(
                        "{} takes no letters ({}); what cannot be recorded stays in {} and holds its place there until"
                                + " it does: see sonde dlq list, replay or discard, or raise sonde.nats.dead-letter-bytes",
                        TelemetryStream.DEAD_LETTERS,
                        Causes.of(failure).getMessage(),
                        TelemetryStream.NAME);
            }
        });
    }

    private CompletionStage<PublishAck> send(MessageId id, DeadLetter letter) {
        NatsMessage message = NatsMessage.builder()
                .subject(TelemetryStream.deadLetterSubject(letter.subject()))
                .headers(letter.headers())
                .data(letter.payload())
                .build();
        PublishOptions options = PublishOptions.builder()
                .messageId(id + ":" + letter.reason().code())
                .build();
        try {
            return jetStream.publishAsync(message, options);
        } catch (IllegalStateException | IllegalArgumentException disconnectedOrTooLarge) {
            return CompletableFuture.failedFuture(disconnectedOrTooLarge);
        }
    }
}
