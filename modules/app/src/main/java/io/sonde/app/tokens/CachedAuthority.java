package io.sonde.app.tokens;

import io.sonde.core.Authority;
import io.sonde.core.Grant;
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
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the {@link TokenTable}, and remembers its word for seconds: that long a revoked token may still come in.
 *
 * <p>Good and bad tokens are remembered apart and boundedly, so that guessers neither grow memory nor push good ones out.
 * While the table cannot be asked, a token that was good within the last quarter of an hour stays good: a bus that takes
 * events without PostgreSQL would be of no use behind a door that does not open without it.
 */
public final class CachedAuthority implements Authority {
    private static final Logger LOG = LoggerFactory.getLogger(CachedAuthority.class);
    private static final Duration USE_NOTED_EVERY = Duration.ofMinutes(1);
    private static final int RETRY_AFTER_S = 1;

    private final Function<byte[], Optional<StoredToken>> find;
    private final Consumer<StoredToken> used;
    private final Executor blocking;
    private final Clock clock;
    private final Limits limits;
    private final RecentlyUsed<ByteBuffer, Known> good;
    private final RecentlyUsed<ByteBuffer, Instant> bad;
    /** Until then nobody waits for a table that did not answer: one question after another would use up every thread. */
    private volatile Instant awayUntil = Instant.MIN;

    private final Map<ByteBuffer, CompletableFuture<Optional<Grant>>> asking = new ConcurrentHashMap<>();

    /** @param blocking where JDBC may block */
    public CachedAuthority(TokenTable table, Executor blocking, Clock clock) {
        this(table::find, table::used, blocking, clock, Limits.STANDARD);
    }

    CachedAuthority(
            Function<byte[], Optional<StoredToken>> find,
            Consumer<StoredToken> used,
            Executor blocking,
            Clock clock,
            Limits limits) {
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
     * @param maxAsking tokens being asked for at once
     */
    record Limits(Duration fresh, Duration withoutTable, int maxGood, int maxBad, int maxAsking) {
        static final Limits STANDARD = new Limits(Duration.ofSeconds(5), Duration.ofMinutes(15), 20_000, 10_000, 1_000);
    }

    private record Known(StoredToken token, Instant askedAt, Instant freshUntil) {}

    @Override
    public CompletionStage<Optional<Grant>> grant(String text) {
        Optional<Token> token = Token.parse(text);
        if (token.isEmpty()) {
            return answer(Optional.empty());
        }
        Instant now = clock.instant();
        byte[] sha256 = token.get().sha256();
        ByteBuffer key = ByteBuffer.wrap(sha256);
        Optional<Known> known = good.get(key);
        if (known.isPresent() && now.isBefore(known.get().freshUntil())) {
            return answer(grantAt(known.get(), now));
        }
        if (bad.get(key).filter(now::isBefore).isPresent()) {
            return answer(Optional.empty());
        }
        if (now.isBefore(awayUntil)
                && known.filter(last -> holdsWithoutTable(last, now)).isPresent()) {
            return answer(grantAt(known.get(), now));
        }
        return ask(key, sha256);
    }

    int remembered() {
        return good.size() + bad.size() + asking.size();
    }

    private CompletionStage<Optional<Grant>> ask(ByteBuffer key, byte[] sha256) {
        var answer = new CompletableFuture<Optional<Grant>>();
        CompletableFuture<Optional<Grant>> others = asking.putIfAbsent(key, answer);
        if (others != null) {
            return others;
        }
        try {
            if (asking.size() > limits.maxAsking()) {
                throw new RejectedExecutionException("too many tokens are being asked for");
            }
            blocking.execute(() -> askTable(key, sha256, answer));
        } catch (RejectedExecutionException e) {
            answerWithoutTable(key, answer, e);
        }
        return answer;
    }

    private void askTable(ByteBuffer key, byte[] sha256, CompletableFuture<Optional<Grant>> answer) {
        try {
            Instant now = clock.instant();
            if (now.isBefore(awayUntil)) {
                throw new Unavailable("the database did not answer a moment ago", RETRY_AFTER_S, null);
            }
            Optional<StoredToken> found = find.apply(sha256).filter(token -> token.isGoodAt(now));
            found.ifPresentOrElse(token -> rememberGood(key, token, now), () -> rememberBad(key, now));
            asking.remove(key);
            answer.complete(found.map(StoredToken::grant));
            found.ifPresent(token -> noteUse(token, now));
        } catch (RuntimeException e) {
            Instant now = clock.instant();
            if (!now.isBefore(awayUntil)) {
                awayUntil = now.plus(limits.fresh());
            }
            answerWithoutTable(key, answer, e);
        }
    }

    private boolean holdsWithoutTable(Known last, Instant now) {
        return now.isBefore(last.askedAt().plus(limits.withoutTable()));
    }

    private void rememberGood(ByteBuffer key, StoredToken token, Instant now) {
        good.put(key, new Known(token, now, now.plus(limits.fresh())));
    }

    private void rememberBad(ByteBuffer key, Instant now) {
        good.remove(key);
        bad.put(key, now.plus(limits.fresh()));
    }

    private void answerWithoutTable(ByteBuffer key, CompletableFuture<Optional<Grant>> answer, RuntimeException why) {
        Instant now = clock.instant();
        Optional<Known> known = good.get(key).filter(last -> holdsWithoutTable(last, now));
        known.ifPresent(last -> good.put(key, new Known(last.token(), last.askedAt(), now.plus(limits.fresh()))));
        asking.remove(key);
        known.ifPresentOrElse(
                last -> answer.complete(grantAt(last, now)), () -> answer.completeExceptionally(unavailable(why)));
    }

    private static RuntimeException unavailable(RuntimeException why) {
        return why instanceof Unavailable
                ? why
                : new Unavailable("the token cannot be checked now: " + why.getMessage(), RETRY_AFTER_S, why);
    }

    /** After the answer, so that no request waits for it. */
    private void noteUse(StoredToken token, Instant now) {
        Instant last = token.lastUsedAt();
        if (last != null && now.isBefore(last.plus(USE_NOTED_EVERY))) {
            return;
        }
        try {
            used.accept(token);
        } catch (RuntimeException e) {
            LOG.warn("the use of token {} was not noted: {}", token.id(), e.getMessage());
        }
    }

    private static Optional<Grant> grantAt(Known known, Instant now) {
        return Optional.of(known.token()).filter(token -> token.isGoodAt(now)).map(StoredToken::grant);
    }

    private static CompletionStage<Optional<Grant>> answer(Optional<Grant> grant) {
        return CompletableFuture.completedStage(grant);
    }
}
