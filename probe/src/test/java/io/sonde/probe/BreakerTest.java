package io.sonde.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BreakerTest {
    @Property
    void aTargetThatHasFailedLessOftenThanItsPatienceIsMeasuredInEveryRound(
            @ForAll @IntRange(min = 1, max = 100) int patience,
            @ForAll @IntRange(min = 1, max = 1_000) int longest,
            @ForAll @IntRange(max = 99) int failures) {
        int stride = new Breaker(patience, longest).stride(failures);

        assertThat(stride == 1).isEqualTo(failures < patience || longest == 1);
    }

    @Property
    void aStrideAtMostDoublesWithAFailureNeverShrinksByOneAndIsBounded(
            @ForAll @IntRange(min = 1, max = 100) int patience,
            @ForAll @IntRange(min = 1, max = 1_000_000) int longest,
            @ForAll @IntRange(max = 1_000_000) int failures) {
        var breaker = new Breaker(patience, longest);

        assertThat(breaker.stride(failures + 1))
                .isBetween(breaker.stride(failures), Math.min(longest, 2 * breaker.stride(failures)));
    }

    @Property
    void aSuccessRestoresThePaceAtOnce(@ForAll @IntRange(min = 1, max = 1_000) int longest) {
        assertThat(new Breaker(1, longest).stride(0)).isEqualTo(1);
    }

    /** With the defaults: 30 s apart at most, plus the jitter. */
    @Property
    void everyMinuteOfAFailingTargetHasAMeasurement(
            @ForAll @IntRange(min = 1, max = 600) int intervalSeconds, @ForAll @IntRange(max = 10_000) int failures) {
        Duration interval = Duration.ofSeconds(Math.min(59, intervalSeconds));
        var breaker = new Breaker(10, (int) Math.max(1, 30_000 / interval.toMillis()));

        assertThat(interval.multipliedBy(breaker.stride(failures)).plusMillis(50))
                .isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void theStrideDoubles() {
        var breaker = new Breaker(3, 6);

        assertThat(new int[] {breaker.stride(2), breaker.stride(3), breaker.stride(4), breaker.stride(5)})
                .containsExactly(1, 2, 4, 6);
    }
}
