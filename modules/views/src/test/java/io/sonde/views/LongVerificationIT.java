package io.sonde.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.core.WindowAggregate;
import io.sonde.views.Difference.Kind;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A source with more windows than are compared at once. */
class LongVerificationIT {
    private static final int TARGETS = 40;
    private static final int MINUTES = 60;
    private static final String REVISED = "https://0.example/";

    @Test
    void aRevisionThatWasLostIsFoundHoweverFarBehindTheFirstItWasJournalled() throws Exception {
        Following following = new Following();
        try {
            following.project();
            for (int minute = 0; minute < MINUTES; minute++) {
                long startMs = Given.minute(minute);
                following.journal(Given.diagnosed(
                        Given.SOURCE,
                        startMs,
                        0,
                        IntStream.range(0, TARGETS)
                                .mapToObj(n -> Given.window("https://" + n + ".example/", startMs, 0, 1, 2))
                                .toArray(WindowAggregate[]::new)));
            }
            assertThat(following.verify(Given.minute(0)).same()).isTrue();
            following.readSide.execute("CREATE TABLE before AS SELECT * FROM window_1m");
            following.journal(Given.diagnosed(REVISED, 0, 0, 1, 2, 3));
            assertThat(following.verify(Given.minute(0)).same()).isTrue();
            following.readSide.execute("TRUNCATE window_1m");
            following.readSide.execute("INSERT INTO window_1m SELECT * FROM before");

            Verified verified = following.verify(Given.minute(0));

            assertThat(verified.differences()).isEqualTo(Map.of(Kind.DIFFERENT_ROW, 1L));
            assertThat(verified.first()).singleElement().satisfies(difference -> {
                assertThat(difference.startMs()).isEqualTo(Given.minute(0));
                assertThat(difference.detail()).startsWith("revision 3 was journalled, 2 is there");
            });
        } finally {
            following.stop();
        }
    }
}
