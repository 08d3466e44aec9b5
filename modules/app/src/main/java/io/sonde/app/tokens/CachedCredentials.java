package io.sonde.app.tokens;

import io.sonde.core.Unavailable;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a table for what it knows of secrets by their SHA-256, and remembers its word for seconds: that long one that was
 * revoked may still come in, unless this node was told to {@link #forget} it.
 *
 * <p>Good and bad ones are remembered apart and boundedly, so that guessers neither grow memory nor push good ones out.
 * While the table cannot be asked, one that was good within the last quarter of an hour stays good: a bus that takes
 * events without PostgreSQL would be of no use behind a door that does not open without it.
 */
public final class CachedCredentials<C extends Credential> {
    private static final Logger LOG = LoggerFactory.getLogger(CachedCredentials.class);
    private static final Duration USE_NOTED_EVERY = Duration.ofMinutes(1);
    private static final int RETRY_AFTER_S = 1;

    private final Function<byte[], Optional<C>> find;
    private final Consumer<C> used;
    private final Executor blocking;
    private final Clock clock;
    private final Limits limits;
    private final RecentlyUsed<ByteBuffer, Known<C>> good;
    private final RecentlyUsed<ByteBuffer, Instant> bad;
    /** Until then nobody waits for a table that did not answer: one question after another would use up every thread. */
    private volatile Instant awayUntil = Instant.MIN;

    private final Map<ByteBuffer, CompletableFuture<Optional<C>>> asking = new ConcurrentHashMap<>();

    private final AtomicLong forgotten = new AtomicLong();

    /**
     * @param find by the SHA-256, also what is no good any more
     * @param used told of a use, at most once a minute
     * @param blocking where JDBC may block
     */
    public CachedCredentials(
            Function<byte[], Optional<C>> find, Consumer<C> used, Executor blocking, Clock clock, Limits limits) {
        this.find = find;
        this.used = used;
        this.blocking = blocking;
        this.clock = clock;
        this.limits = limits;
        this.good = new RecentlyUsed<>(limits.maxGood());
        this.bad = new RecentlyUsed<>(limits.maxBad());
    }

    /**
     * @param fresh how long the table's word holds
     * @param withoutTable how long a good word holds while the table cannot be asked
     * @param maxAsking secrets being asked for at once
     */
    public record Limits(Duration fresh, Duration withoutTable, int maxGood, int maxBad, int maxAsking) {
        public static final Limits STANDARD =
                new Limits(Duration.ofSeconds(5), Duration.ofMinutes(15), 20_000, 10_000, 1_000);
    }

    private record Known<C>(C credential, Instant askedAt, Instant freshUntil) {}

    /** Empty for what is not there or no good any more. Fails with {@link Unavailable} when it cannot be asked. */
    public CompletionStage<Optional<C>> find(byte[] sha256) {
        Instant now = clock.instant();
        ByteBuffer key = ByteBuffer.wrap(sha256);
        Optional<Known<C>> known = good.get(key);
        if (known.isPresent() && now.isBefore(known.get().freshUntil())) {
            return answer(goodAt(known.get(), now));
        }
        if (bad.get(key).filter(now::isBefore).isPresent()) {
            return answer(Optional.empty());
        }
        if (now.isBefore(awayUntil)
                && known.filter(last -> holdsWithoutTable(last, now)).isPresent()) {
            return answer(goodAt(known.get(), now));
        }
        return ask(key, sha256);
    }

    /** The table is asked again, also where its answer is just coming: what was changed holds on this node at once. */
    public void forget(Predicate<C> which) {
        forgotten.incrementAndGet();
        good.removeIf(known -> which.test(known.credential()));
    }

    int remembered() {
        return good.size() + bad.size() + asking.size();
    }

    private CompletionStage<Optional<C>> ask(ByteBuffer key, byte[] sha256) {
        var answer = new CompletableFuture<Optional<C>>();
        CompletableFuture<Optional<C>> others = asking.putIfAbsent(key, answer);
        if (others != null) {
            return others;
        }
        try {
            if (asking.size() > limits.maxAsking()) {
                throw new RejectedExecutionException("too many secrets are being asked for");
            }
            blocking.execute(() -> askTable(key, sha256, answer));
        } catch (RejectedExecutionException e) {
            answerWithoutTable(key, answer, e);
        }
        return answer;
    }

    private void askTable(ByteBuffer key, byte[] sha256, CompletableFuture<Optional<C>> answer) {
        try {
            Instant now = clock.instant();
            if (now.isBefore(awayUntil)) {
                throw new Unavailable("the database did not answer a moment ago", RETRY_AFTER_S, null);
            }
            long before = forgotten.get();
            Optional<C> found = find.apply(sha256).filter(one -> one.isGoodAt(now));
            found.ifPresentOrElse(one -> rememberGood(key, one, now), () -> rememberBad(key, now));
            if (forgotten.get() != before) {
                good.remove(key);
            }
            asking.remove(key);
            answer.complete(found);
            found.ifPresent(one -> noteUse(one, now));
        } catch (RuntimeException e) {
            Instant now = clock.instant();
            if (!now.isBefore(awayUntil)) {
                awayUntil = now.plus(limits.fresh());
            }
            answerWithoutTable(key, answer, e);
        }
    }

    private boolean holdsWithoutTable(Known<C> last, Instant now) {
        return now.isBefore(last.askedAt().plus(limits.withoutTable()));
    }

    private void rememberGood(ByteBuffer key, C credential, Instant now) {
        good.put(key, new Known<>(credential, now, now.plus(limits.fresh())));
    }

    private void rememberBad(ByteBuffer key, Instant now) {
        good.remove(key);
        bad.put(key, now.plus(limits.fresh()));
    }

    private void answerWithoutTable(ByteBuffer key, CompletableFuture<Optional<C>> answer, RuntimeException why) {
        Instant now = clock.instant();
        Optional<Known<C>> known = good.get(key).filter(last -> holdsWithoutTable(last, now));
        known.ifPresent(
                last -> good.put(key, new Known<>(last.credential(), last.askedAt(), now.plus(limits.fresh()))));
        asking.remove(key);
        known.ifPresentOrElse(
                last -> answer.complete(goodAt(last, now)), () -> answer.completeExceptionally(unavailable(why)));
    }

    private static RuntimeException unavailable(RuntimeException why) {
        return why instanceof Unavailable
                ? why
                : new Unavailable("it cannot be checked now who asks: " + why.getMessage(), RETRY_AFTER_S, why);
    }

    /** After the answer, so that no request waits for it. */
    private void noteUse(C credential, Instant now) {
        Instant last = credential.lastUsedAt();
        if (last != null && now.isBefore(last.plus(USE_NOTED_EVERY))) {
            return;
        }
        try {
            used.accept(credential);
        } catch (RuntimeException e) {
            LOG.warn("the use of {} was not noted: {}", credential.id(), e.getMessage());
        }
    }

    private static <C extends Credential> Optional<C> goodAt(Known<C> known, Instant now) {
        return Optional.of(known.credential()).filter(one -> one.isGoodAt(now));
    }

    private static <C> CompletionStage<Optional<C>> answer(Optional<C> found) {
        return CompletableFuture.completedStage(found);
    }
}
