package io.sonde.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sonde.app.node.HealthCheck.Finding;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthCheckTest {
    private final SetClock clock = new SetClock();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void whoHangsIsNotThereAndIsAskedOnceHoweverManyWantToKnow() throws Exception {
        CountDownLatch answers = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        HealthCheck check = check(Duration.ZERO, () -> {
            asked.incrementAndGet();
            answers.await();
            return new Finding(true, "");
        });

        for (int i = 0; i < 100; i++) {
            check.state();
        }
        HealthCheck.State hung = state(check);
        answers.countDown();

        assertThat(asked).hasValue(1);
        assertThat(hung.ok()).isFalse();
        assertThat(hung.detail()).isEqualTo("no answer within 2000 ms");
        assertThat(hung.tookMs()).isBetween(1_900L, 20_000L);
        await().atMost(Duration.ofSeconds(10)).until(() -> state(check).ok());
        assertThat(asked).hasValue(2);
    }

    @Test
    void anAnswerHoldsBriefly() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        HealthCheck check = check(Duration.ofMillis(300), () -> new Finding(true, "no " + asked.incrementAndGet()));

        HealthCheck.State first = state(check);
        HealthCheck.State second = state(check);

        assertThat(second).isEqualTo(first);
        await().atMost(Duration.ofSeconds(10)).until(() -> state(check).detail().equals("no 2"));
    }

    @Test
    void whatIsThereAgainIsSeenSoonHoweverLongAGoodAnswerHolds() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        HealthCheck check = check(Duration.ofHours(1), () -> new Finding(asked.incrementAndGet() > 1, ""));

        HealthCheck.State bad = state(check);

        assertThat(bad.ok()).isFalse();
        assertThat(state(check)).as("it holds a little, too").isEqualTo(bad);
        await().atMost(Duration.ofSeconds(10)).until(() -> state(check).ok());
        assertThat(asked).hasValue(2);
    }

    @Test
    void whoLooksInPassingWaitsForNobodyAndSeesWhatWasFoundLast() throws Exception {
        CountDownLatch answers = new CountDownLatch(1);
        HealthCheck check = check(Duration.ZERO, () -> {
            answers.await();
            return new Finding(true, "");
        });

        assertThat(check.lastFound()).isEmpty();
        answers.countDown();

        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(check.lastFound())
                .hasValueSatisfying(found -> assertThat(found.ok()).isTrue()));
    }

    @Test
    void whatFailsSaysWhyAndSinceWhen() throws Exception {
        AtomicBoolean away = new AtomicBoolean(true);
        HealthCheck check = check(Duration.ZERO, () -> {
            if (away.get()) {
                throw new IllegalStateException("the cable is out");
            }
            return new Finding(true, "");
        });

        long start = clock.millis();
        HealthCheck.State first = state(check);
        clock.advance(Duration.ofSeconds(7));
        HealthCheck.State still = state(check);
        away.set(false);
        HealthCheck.State back = state(check);

        assertThat(first.ok()).isFalse();
        assertThat(first.detail()).isEqualTo("the cable is out");
        assertThat(still.sinceMs()).isEqualTo(first.sinceMs()).isCloseTo(start, within());
        assertThat(still.atMs()).isGreaterThanOrEqualTo(first.atMs() + 7_000);
        assertThat(back.ok()).isTrue();
        assertThat(back.sinceMs()).isEqualTo(back.atMs());
    }

    private static org.assertj.core.data.Offset<Long> within() {
        return org.assertj.core.data.Offset.offset(5_000L);
    }

    private HealthCheck check(Duration goodFor, HealthCheck.Question question) {
        Clock time = clock;
        return new HealthCheck("any", true, goodFor, question, threads, time);
    }

    private static HealthCheck.State state(HealthCheck check) throws Exception {
        return check.state().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
