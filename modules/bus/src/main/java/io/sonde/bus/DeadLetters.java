package io.sonde.bus;

import io.nats.client.JetStream;
import io.nats.client.PublishOptions;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.NatsMessage;
import io.sonde.core.Accounts;
import io.sonde.core.Causes;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts into the stream of dead letters what cannot be recorded. It is safe there once the stage completes. */
final class DeadLetters {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);

    /** Beyond, it is forgotten what was said. */
    private static final int MOST_CAUSES = 10_000;

    private record Cause(String tenant, String kind, String source, DeadLetter.Reason reason) {}

    private final JetStream jetStream;
    private final Accounts accounts;
    private final AtomicBoolean refused = new AtomicBoolean();
    private final Map<Cause, Long> letters = Attempts.bounded(MOST_CAUSES);

    DeadLetters(JetStream jetStream, Accounts accounts) {
        this.jetStream = jetStream;
        this.accounts = accounts;
    }

    /** The letter carries the message's id: a second one of the same, after a lost acknowledgement, is recognised. */
    CompletionStage<PublishAck> bury(MessageId id, DeadLetter letter) {
        return send(id, letter).whenComplete((ack, failure) -> {
            if (failure == null) {
                refused.set(false);
                if (!ack.isDuplicate()) {
                    accounts.add(letter.tenant(), letter.kind(), Accounts.Entry.DEAD_LETTERED, letter.events());
                    say(id, letter);
                }
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

    /** The first of a source and a reason, the tenth, the hundredth: a broken source may fill the box. */
    private void say(MessageId id, DeadLetter letter) {
        long soFar = count(new Cause(letter.tenant(), letter.kind(), letter.source(), letter.reason()));
        if (soFar == nextPowerOfTen(soFar)) {
            LOG.warn(
                    "{} events of {} in message {} went to {} after {} attempts, {}: {} (letter {} of that source and reason)",
                    letter.events(),
                    letter.source().isEmpty() ? "an unknown source" : letter.source(),
                    id,
                    TelemetryStream.DEAD_LETTERS,
                    letter.attempts(),
                    letter.reason().code(),
                    letter.detail(),
                    soFar);
        }
    }

    private long count(Cause cause) {
        synchronized (letters) {
            return letters.merge(cause, 1L, Long::sum);
        }
    }

    private static long nextPowerOfTen(long n) {
        long power = 1;
        while (power < n) {
            power *= 10;
        }
        return power;
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
