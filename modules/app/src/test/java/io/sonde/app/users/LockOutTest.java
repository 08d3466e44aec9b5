package io.sonde.app.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LockOutTest {
    @Test
    void fourFailuresCostNothingAndEachFurtherOneTwiceAsMuchUpToAQuarterOfAnHour() {
        assertThat(IntStream.rangeClosed(0, 4).mapToObj(LockOut.NAME::after)).allMatch(Optional::isEmpty);
        assertThat(IntStream.rangeClosed(5, 11).mapToObj(LockOut.NAME::after).map(wait -> wait.map(Duration::toSeconds)
                        .orElse(0L)))
                .containsExactly(30L, 60L, 120L, 240L, 480L, 900L, 900L);
        assertThat(LockOut.NAME.after(Integer.MAX_VALUE)).contains(Duration.ofMinutes(15));
    }

    @Test
    void anAddressThatManyShareMayFailMoreOften() {
        assertThat(LockOut.ADDRESS.after(19)).isEmpty();
        assertThat(LockOut.ADDRESS.after(20)).contains(Duration.ofSeconds(30));
    }
}
