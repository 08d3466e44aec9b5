package io.sonde.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final Pace PACE =
            new Pace(Duration.ofSeconds(5), Duration.ofMillis(50), Duration.ofMillis(50), null);

    @Property
    void startsAreAnIntervalApartWhateverTheJitterWas(
            @ForAll @IntRange(max = 9) int target,
            @ForAll @LongRange(min = 0, max = 1_000_000) long round,
            @ForAll @DoubleRange(min = 0, max = 1) double chance,
            @ForAll @DoubleRange(min = 0, max = 1) double other) {
        var schedule = new Schedule(PACE, 10);

        long between = schedule.startNanos(target, round + 1, chance) - schedule.startNanos(target, round, other);

        assertThat(Math.abs(between - 5_000_000_000L)).isLessThanOrEqualTo(50_000_000L);
    }

    @Property
    void theNextRoundIsAlwaysAheadAndNoneIsLostWhileOnTime(
            @ForAll @IntRange(max = 9) int target,
            @ForAll @LongRange(min = 0, max = 1_000_000) long round,
            @ForAll @LongRange(min = 0, max = 100_000_000_000L) long behindNanos) {
        var schedule = new Schedule(PACE, 10);
        long now = schedule.startNanos(target, round, 0) + behindNanos;

        long next = schedule.nextRound(target, round, now);

        assertThat(schedule.startNanos(target, next, 0)).isGreaterThan(now);
        assertThat(next - round - 1).isEqualTo(behindNanos / 5_000_000_000L);
    }

    @Test
    void manyTargetsShareTheIntervalEvenly() {
        var crowded = new Schedule(new Pace(Duration.ofSeconds(1), Duration.ofMillis(50), Duration.ZERO, null), 100);

        assertThat(crowded.startNanos(99, 0, 0)).isEqualTo(990_000_000L);
    }
}
