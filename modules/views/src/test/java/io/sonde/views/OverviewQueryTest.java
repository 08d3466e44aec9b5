package io.sonde.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverviewQueryTest {
    private static final long LONGEST_MS = 800L * 24 * 60 * 60_000;

    @ParameterizedTest
    @CsvSource({
        "PT1H, PT1M, MINUTE",
        "PT6H, PT2M, MINUTE",
        "PT24H, PT10M, MINUTE",
        "PT25H, PT1H, HOUR",
        "P7D, PT1H, HOUR",
        "P30D, PT3H, HOUR",
        "P60D, PT6H, HOUR",
        "P90D, P1D, DAY",
        "P730D, P4D, DAY"
    })
    void aStepIsAsShortAsFewStepsAllow(Duration span, Duration step, Resolution parts) {
        OverviewQuery query = OverviewQuery.of("t", "k", 0, span.toMillis());

        assertThat(Duration.ofMillis(query.stepMs())).isEqualTo(step);
        assertThat(query.parts()).isEqualTo(parts);
    }

    @Property
    void aTimeIsOfFewWholeStepsWhoseRowsAreFew(
            @ForAll @LongRange(min = 0, max = 1L << 41) long fromMs,
            @ForAll @LongRange(min = 1, max = LONGEST_MS) long lengthMs) {
        OverviewQuery query = OverviewQuery.of("t", "k", fromMs, fromMs + lengthMs);

        assertThat(query.fromMs()).isLessThanOrEqualTo(fromMs).isGreaterThan(fromMs - query.stepMs());
        assertThat(query.toMs()).isGreaterThanOrEqualTo(fromMs + lengthMs);
        assertThat((query.toMs() - query.fromMs()) % query.stepMs()).isZero();
        assertThat((query.toMs() - query.fromMs()) / query.stepMs()).isLessThanOrEqualTo(241);
        assertThat((query.toMs() - query.fromMs()) / query.parts().lengthMs())
                .isLessThanOrEqualTo(1_440 + 2 * query.stepMs() / query.parts().lengthMs());
        assertThat(query.stepMs() % query.parts().lengthMs()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"5, 5", "6, 5", "0, 100000000000"})
    void aTimeThatIsNoneOrTooLongIsRefused(long fromMs, long toMs) {
        assertThatThrownBy(() -> OverviewQuery.of("t", "k", fromMs, toMs)).isInstanceOf(IllegalArgumentException.class);
    }
}
