package io.sonde.app.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sonde.app.tokens.CachedCredentials.Limits;
import io.sonde.core.Grant;
import io.sonde.core.Scope;
import io.sonde.core.Unavailable;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CachedAuthorityTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Limits LIMITS = new Limits(Duration.ofSeconds(5), Duration.ofMinutes(15), 50, 20, 10);

    private final SettableClock clock = new SettableClock();
    private final Token token = Token.generate(Scope.INGEST, RANDOM);
    private final List<String> asked = new ArrayList<>();
    private final List<String> used = new ArrayList<>();
    private Function<byte[], Optional<StoredToken>> table = sha256 -> Optional.empty();
    private Executor executor = Runnable::run;
    private final CachedAuthority authority = new CachedAuthority(
            sha256 -> {
                asked.add(HexFormat.of().formatHex(sha256));
                return table.apply(sha256);
            },
            stored -> used.add(stored.id()),
            task -> executor.execute(task),
            clock,
            LIMITS);

    @Test
    void aGoodTokenIsAskedForOnceInFiveSeconds() {
        table = sha256 -> Optional.of(stored(null, null));

        assertThat(grant(token.text())).contains(new Grant(token.id(), "default", Scope.INGEST, "berlin-1"));
        clock.forward(Duration.ofMillis(4_999));
        assertThat(grant(token.text())).isPresent();
        assertThat(asked).hasSize(1);

        clock.forward(Duration.ofMillis(1));
        assertThat(grant(token.text())).isPresent();
        assertThat(asked).hasSize(2);
    }

    @Test
    void aRevokedTokenIsOutAfterFiveSeconds() {
        table = sha256 -> Optional.of(stored(null, null));
        assertThat(grant(token.text())).isPresent();

        table = sha256 -> Optional.of(stored(null, START));
        clock.forward(Duration.ofSeconds(5));

        assertThat(grant(token.text())).isEmpty();
    }

    @Test
    void aTokenThatIsForgottenIsOutAtOnceAlsoWhereTheTableIsJustBeingAsked() {
        table = sha256 -> Optional.of(stored(null, null));
        assertThat(grant(token.text())).isPresent();
        authority.forget(token.id());
        table = sha256 -> Optional.of(stored(null, START));
        assertThat(grant(token.text())).isEmpty();

        clock.forward(LIMITS.fresh());
        table = sha256 -> {
            authority.forget(token.id());
            return Optional.of(stored(null, null));
        };
        assertThat(grant(token.text())).as("asked before it was revoked").isPresent();
        table = sha256 -> Optional.of(stored(null, START));
        assertThat(grant(token.text())).isEmpty();
    }

    @Test
    void aTokenExpiresToTheMillisecondAlsoWhileItIsRemembered() {
        table = sha256 -> Optional.of(stored(START.plusMillis(1_500), null));

        clock.forward(Duration.ofMillis(1_499));
        assertThat(grant(token.text())).isPresent();

        clock.forward(Duration.ofMillis(1));
        assertThat(grant(token.text())).isEmpty();
        assertThat(asked).hasSize(1);
    }

    @Test
    void anUnknownTokenIsAskedForOnceInFiveSecondsAndThenMayHaveBeenMade() {
        assertThat(grant(token.text())).isEmpty();
        assertThat(grant(token.text())).isEmpty();
        assertThat(asked).hasSize(1);

        table = sha256 -> Optional.of(stored(null, null));
        clock.forward(Duration.ofSeconds(5));
        assertThat(grant(token.text())).isPresent();
    }

    @Test
    void whatWasNeverATokenIsNotAskedFor() {
        String text = token.text();

        assertThat(grant("")).isEmpty();
        assertThat(grant(text + "0")).isEmpty();
        assertThat(grant(text.replace("sonde_ingest", "sonde_admin"))).isEmpty();
        assertThat(asked).isEmpty();
        assertThat(authority.remembered()).isZero();
    }

    @Test
    void guessersGrowNoMemoryAndPushNoGoodTokenOut() {
        table = sha256 -> Optional.of(stored(null, null));
        assertThat(grant(token.text())).isPresent();
        table = sha256 -> Optional.empty();

        for (int i = 0; i < 10_000; i++) {
            assertThat(grant(Token.generate(Scope.ADMIN, RANDOM).text())).isEmpty();
        }

        assertThat(authority.remembered()).isEqualTo(1 + LIMITS.maxBad());
        assertThat(grant(token.text())).isPresent();
        assertThat(asked).hasSize(10_001);
    }

    @Test
    void manyRequestsWithOneTokenAreOneQuestion() {
        Queue<Runnable> waiting = new ArrayDeque<>();
        executor = waiting::add;
        table = sha256 -> Optional.of(stored(null, null));

        CompletableFuture<Optional<Grant>> first = authority.grant(token.text()).toCompletableFuture();
        CompletableFuture<Optional<Grant>> second =
                authority.grant(token.text()).toCompletableFuture();
        assertThat(first).isNotDone();
        waiting.remove().run();

        assertThat(waiting).isEmpty();
        assertThat(first).isCompletedWithValueMatching(Optional::isPresent);
        assertThat(second).isCompletedWithValueMatching(Optional::isPresent);
    }

    @Test
    void tooManyQuestionsAtOnceAreTurnedAway() {
        Queue<Runnable> waiting = new ArrayDeque<>();
        executor = waiting::add;

        for (int i = 0; i < LIMITS.maxAsking(); i++) {
            assertThat(authority
                            .grant(Token.generate(Scope.READ, RANDOM).text())
                            .toCompletableFuture())
                    .isNotDone();
        }

        assertThatThrownBy(() -> grant(token.text())).hasCauseInstanceOf(Unavailable.class);
        assertThat(waiting).hasSize(LIMITS.maxAsking());
    }

    @Test
    void withoutTheTableAGoodTokenStaysGoodForAQuarterOfAnHour() {
        table = sha256 -> Optional.of(stored(null, null));
        assertThat(grant(token.text())).isPresent();
        table = CachedAuthorityTest::away;

        clock.forward(Duration.ofSeconds(899));
        assertThat(grant(token.text())).isPresent();

        clock.forward(Duration.ofSeconds(5));
        assertThatThrownBy(() -> grant(token.text())).hasCauseInstanceOf(Unavailable.class);
    }

    @Test
    void withoutTheTableAnUnseenTokenIsNeitherGoodNorBad() {
        table = CachedAuthorityTest::away;
        assertThatThrownBy(() -> grant(token.text())).hasCauseInstanceOf(Unavailable.class);

        table = sha256 -> Optional.of(stored(null, null));
        clock.forward(LIMITS.fresh());
        assertThat(grant(token.text())).isPresent();
    }

    @Test
    void whileTheTableIsAwayOneQuestionInFiveSecondsIsEnoughForAllTokens() {
        Token other = Token.generate(Scope.INGEST, RANDOM);
        table = sha256 -> Optional.of(stored(null, null));
        grant(token.text());
        grant(other.text());
        table = CachedAuthorityTest::away;
        clock.forward(LIMITS.fresh());
        asked.clear();

        for (int request = 0; request < 100; request++) {
            assertThat(grant(token.text())).isPresent();
            assertThat(grant(other.text())).isPresent();
        }

        assertThat(asked).hasSize(1);
    }

    @Test
    void itsUseIsNotedWhenTheTableHasNoneOfTheLastMinute() {
        table = sha256 -> Optional.of(stored(null, null));
        grant(token.text());
        grant(token.text());
        assertThat(used).containsExactly(token.id());

        table = sha256 -> Optional.of(stored(null, null, START));
        clock.forward(Duration.ofSeconds(59));
        grant(token.text());
        assertThat(used).hasSize(1);

        clock.forward(Duration.ofSeconds(5));
        grant(token.text());
        assertThat(used).hasSize(2);
    }

    private Optional<Grant> grant(String text) {
        return authority.grant(text).toCompletableFuture().join();
    }

    private StoredToken stored(@Nullable Instant expiresAt, @Nullable Instant revokedAt) {
        return stored(expiresAt, revokedAt, null);
    }

    private StoredToken stored(@Nullable Instant expiresAt, @Nullable Instant revokedAt, @Nullable Instant lastUsedAt) {
        return new StoredToken(
                "default", token.id(), Scope.INGEST, "berlin-1", "", START, expiresAt, revokedAt, lastUsedAt);
    }

    private static Optional<StoredToken> away(byte[] sha256) {
        throw new Unavailable("the tokens cannot be asked", 2, new IllegalStateException("away"));
    }

    private static final class SettableClock extends Clock {
        private Instant now = START;

        void forward(Duration step) {
            now = now.plus(step);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
