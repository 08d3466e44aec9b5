package io.sonde.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryRulesTest {
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(60));
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @ParameterizedTest
    @ValueSource(ints = {400, 413, 415, 422})
    void aRequestThatIsWrongIsTakenApart(int status) {
        assertThat(answered(status, null)).isEqualTo(new Outcome.Refused("http_" + status));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 302, 401, 403, 404, 429, 500, 502, 503, 504})
    void whatMaySucceedLaterIsTriedAgain(int status) {
        assertThat(answered(status, null)).isEqualTo(new Outcome.Again("http_" + status, null));
    }

    @Test
    void retryAfterIsReadInSecondsAndAsADate() {
        assertThat(answered(503, "7")).isEqualTo(new Outcome.Again("http_503", Duration.ofSeconds(7)));
        assertThat(answered(429, "Thu, 01 Jan 2026 00:00:09 GMT"))
                .isEqualTo(new Outcome.Again("http_429", Duration.ofSeconds(9)));
        assertThat(answered(429, "soon")).isEqualTo(new Outcome.Again("http_429", null));
    }

    @Test
    void anAcceptedRequestSaysWhatBecameOfItsEvents() {
        String body =
                "{\"accepted\":3,\"duplicate\":2,\"late\":1,\"refused\":[{\"index\":0,\"reason\":\"clock_skew\"}]}";

        Outcome outcome = Outcome.of(202, null, Optional.of(body.getBytes(StandardCharsets.UTF_8)), 7, NOW);

        assertThat(outcome).isEqualTo(new Outcome.Taken(3, 2, 1, 1));
    }

    @Test
    void aNodeThatRefusedEveryEventHasAnswered() {
        byte[] body = "{\"status\":422,\"refused\":[{\"index\":0},{\"index\":1}]}".getBytes(StandardCharsets.UTF_8);

        assertThat(Outcome.of(422, null, Optional.of(body), 2, NOW)).isEqualTo(new Outcome.Taken(0, 0, 0, 2));
        assertThat(Outcome.of(422, null, Optional.of(body), 3, NOW)).isEqualTo(new Outcome.Refused("http_422"));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 202, 400, 422})
    void anAnswerThatIsLongerThanAnyOfANodesIsTriedAgain(int status) {
        assertThat(Outcome.of(status, null, Optional.empty(), 1, NOW))
                .isEqualTo(new Outcome.Again("http_" + status, null));
    }

    @Property
    void withoutRetryAfterTheWaitIsBoundedAndItsEndDoubles(
            @ForAll @IntRange(min = 1, max = 1_000) int attempt, @ForAll @DoubleRange(max = 1) double chance) {
        long delay = BACKOFF.delay(attempt, chance).toMillis();

        assertThat(delay).isBetween(500L, Math.min(60_000L, 500L << Math.min(attempt, 20)));
    }

    @Property
    void aNodeThatLimitsTheRateIsNeverAskedSoonerThanItSays(
            @ForAll @IntRange(min = 0, max = 900) int seconds, @ForAll @DoubleRange(max = 1) double chance)
            throws Exception {
        assertThat(attempts().failed(new Outcome.Again("http_429", Duration.ofSeconds(seconds)), chance))
                .isBetween(
                        Duration.ofSeconds(seconds), Duration.ofSeconds(seconds).plusMillis(500));
    }

    @Test
    void aNodeThatLimitsTheRateForDaysIsAskedAgainAfterAQuarterOfAnHour() throws Exception {
        assertThat(attempts().failed(new Outcome.Again("http_429", Duration.ofDays(3)), 0))
                .isEqualTo(Backoff.OBEDIENCE);
    }

    /** Ten minutes of a load balancer's Retry-After would make ten minutes of events late. */
    @Property
    void whoeverIsAwayIsAskedAgainWithinTheLongestBackoff(
            @ForAll @IntRange(min = 0, max = 900) int seconds, @ForAll @DoubleRange(max = 1) double chance)
            throws Exception {
        Duration wait = attempts().failed(new Outcome.Again("http_503", Duration.ofSeconds(seconds)), chance);

        assertThat(wait).isBetween(Duration.ofSeconds(Math.min(seconds, 30)), Duration.ofSeconds(60));
    }

    @Test
    void whoIsToldTheSameByOneThatIsAwayDoesNotComeBackAtOnce() throws Exception {
        var away = new Outcome.Again("http_503", Duration.ofMinutes(10));

        assertThat(attempts().failed(away, 0)).isEqualTo(Duration.ofSeconds(30));
        assertThat(attempts().failed(away, 1)).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void onlyTheNodesOwnWordMakesAClientForeign() {
        assertThat(forbidden("{\"type\":\"/problems/foreign-client\",\"status\":403}"))
                .isEqualTo(new Outcome.Again("foreign_client", null));
        assertThat(forbidden("{\"type\":\"/problems/wrong-scope\",\"status\":403}"))
                .isEqualTo(new Outcome.Again("http_403", null));
        assertThat(forbidden("<html>forbidden")).isEqualTo(new Outcome.Again("http_403", null));
    }

    private static Outcome forbidden(String body) {
        return Outcome.of(403, null, Optional.of(body.getBytes(StandardCharsets.UTF_8)), 1, NOW);
    }

    private static Attempts attempts() throws Exception {
        return new Attempts(UplinkTest.settings(
                URI.create("http://node/"), Trust.system(), Path.of("unused"), 1, Duration.ofSeconds(5), BACKOFF));
    }

    private static Outcome answered(int status, @Nullable String retryAfter) {
        return Outcome.of(status, retryAfter, Optional.of(new byte[0]), 1, NOW);
    }
}
