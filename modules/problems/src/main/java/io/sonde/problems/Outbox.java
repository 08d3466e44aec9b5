package io.sonde.problems;

import io.sonde.core.Causes;
import io.sonde.core.Channel;
import io.sonde.core.Notification;
import io.sonde.core.Unavailable;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what is due. It is marked as sent after it arrived: killed in between, it is sent again, with the same key. Used on
 * the thread of one actor.
 */
final class Outbox {
    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    private static final int LONGEST_ERROR = 500;

    private final Telling telling;
    private final ProblemsSettings settings;
    private final Set<String> underWay = new HashSet<>();

    Outbox(Telling telling, ProblemsSettings settings) {
        this.telling = telling;
        this.settings = settings;
    }

    /** @param sent hears of each that is sent now, by its key */
    void send(Problems problems, long nowMs, BiConsumer<String, CompletionStage<?>> sent) {
        for (Delivery delivery : problems.due(nowMs)) {
            Optional<Problem> problem = problems.problem(delivery.problem());
            if (problem.isPresent() && underWay.add(delivery.key())) {
                sent.accept(delivery.key(), send(problem.get().told(delivery), delivery.channel()));
            }
        }
    }

    /** The delivery after an attempt. */
    Delivery returned(Delivery delivery, @Nullable Throwable failure, long nowMs) {
        underWay.remove(delivery.key());
        if (failure == null) {
            return delivery.sent(nowMs);
        }
        String why = message(failure);
        if (telling.channel(delivery.channel()).isEmpty()) {
            LOG.warn("{} is not told any more: {}", delivery.key(), why);
            return delivery.dropped(nowMs);
        }
        int attempts = delivery.attempts() + 1;
        if (attempts == 1) {
            LOG.warn("channel {} did not take {}, it is sent again: {}", delivery.channel(), delivery.key(), why);
        }
        return delivery.failed(
                why, nowMs + settings.retryAfter(attempts, asked(failure)).toMillis());
    }

    /** What is under way is nobody's any more. */
    void forget() {
        underWay.clear();
    }

    static String message(@Nullable Throwable failure) {
        String said = String.valueOf(failure == null ? null : Causes.of(failure).getMessage());
        return said.length() <= LONGEST_ERROR ? said : said.substring(0, LONGEST_ERROR);
    }

    private static Duration asked(Throwable failure) {
        return Causes.of(failure) instanceof Unavailable away
                ? Duration.ofSeconds(away.retryAfterSeconds())
                : Duration.ZERO;
    }

    private CompletionStage<?> send(Notification notification, String name) {
        Optional<Channel> channel = telling.channel(name);
        if (channel.isEmpty()) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("there is no channel " + name + " any more"));
        }
        try {
            return channel.get().send(notification);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
