package io.sonde.app.node;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a node needs. However many want to know, it is asked by one at a time and not more often than it is worth;
 * who does not answer in time is not there, and is not asked again until that question has ended.
 */
final class HealthCheck {
    /** How long an answer may take. */
    static final Duration PATIENCE = Duration.ofSeconds(2);
    /** How long a bad one holds at most: what is there again is seen soon. */
    private static final Duration BAD_HOLDS = Duration.ofSeconds(1);

    private final String name;
    private final boolean essential;
    private final Duration goodFor;
    private final Question question;
    private final Executor executor;
    private final Clock clock;

    private @Nullable Asked asked;
    private volatile @Nullable State found;
    private boolean wasOk;
    private long sinceMs;

    /** Is put where it may block. */
    @FunctionalInterface
    interface Question {
        Finding ask() throws Exception;
    }

    /** @param detail what was found, in words; empty when there is nothing to say */
    record Finding(boolean ok, String detail) {}

    /**
     * @param essential whether a node without it takes no traffic
     * @param sinceMs when it became what it is, as far as anybody asked; epoch ms
     * @param atMs when it was asked, epoch ms
     * @param tookMs until it answered, or was given up
     */
    record State(String name, boolean essential, boolean ok, String detail, long sinceMs, long atMs, long tookMs) {}

    /** A question that was put. */
    private record Asked(long nanos, CompletableFuture<Finding> running, CompletionStage<State> state) {}

    /** @param goodFor how long a good answer holds */
    HealthCheck(String name, boolean essential, Duration goodFor, Question question, Executor executor, Clock clock) {
        this.name = name;
        this.essential = essential;
        this.goodFor = goodFor;
        this.question = question;
        this.executor = executor;
        this.clock = clock;
    }

    synchronized CompletionStage<State> state() {
        long now = System.nanoTime();
        Asked last = asked;
        if (last == null || (last.running.isDone() && now - last.nanos >= holds().toNanos())) {
            last = ask(now);
            asked = last;
        }
        return last.state;
    }

    private Duration holds() {
        State last = found;
        boolean bad = last != null && !last.ok;
        return bad && BAD_HOLDS.compareTo(goodFor) < 0 ? BAD_HOLDS : goodFor;
    }

    /** What was found last, by whomever it was asked; none before the first answer. It is asked anew when that is too old. */
    Optional<State> lastFound() {
        var unused = state();
        return Optional.ofNullable(found);
    }

    private Asked ask(long nanos) {
        long atMs = clock.millis();
        CompletableFuture<Finding> running = CompletableFuture.supplyAsync(this::find, executor);
        CompletionStage<State> state = running.copy()
                .completeOnTimeout(
                        new Finding(false, "no answer within " + PATIENCE.toMillis() + " ms"),
                        PATIENCE.toMillis(),
                        TimeUnit.MILLISECONDS)
                .thenApply(finding -> {
                    long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
                    var fresh =
                            new State(name, essential, finding.ok, finding.detail, since(finding.ok, atMs), atMs, took);
                    found = fresh;
                    return fresh;
                });
        return new Asked(nanos, running, state);
    }

    private Finding find() {
        try {
            return question.ask();
        } catch (Exception e) {
            String why = e.getMessage();
            return new Finding(false, why == null ? e.getClass().getSimpleName() : why);
        }
    }

    private synchronized long since(boolean ok, long atMs) {
        if (sinceMs == 0 || ok != wasOk) {
            wasOk = ok;
            sinceMs = atMs;
        }
        return sinceMs;
    }
}
