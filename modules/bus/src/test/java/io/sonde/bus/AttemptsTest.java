package io.sonde.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.bus.Attempts.Again;
import io.sonde.bus.Attempts.GiveUp;
import io.sonde.core.SourceId;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AttemptsTest {
    private static final SourceId SOURCE = new SourceId("default", "qoe", "berlin-1", 0);
    private static final SourceId OTHER = new SourceId("default", "qoe", "berlin-2", 0);
    private static final MessageId ID = new MessageId(7, 1_000);
    private static final Instant T = Instant.ofEpochSecond(1_000);

    private final Attempts attempts = new Attempts(
            new JetStreamSettings.DeadLettering(
                    4, Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofDays(1), 1 << 20),
            100);

    @Test
    void whileNothingIsRecordedNoBatchIsToBlame() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(attempts.failed(ID, SOURCE, true, T)).isInstanceOf(Again.class);
        }
    }

    @Test
    void aBatchThatFailsWhileOthersAreRecordedIsGivenUp() {
        assertThat(attempts.failed(ID, SOURCE, true, T)).isInstanceOf(Again.class);
        for (int i = 1; i < 4; i++) {
            othersAreRecorded(i);
            assertThat(attempts.failed(ID, SOURCE, true, T.plusSeconds(i))).isInstanceOf(Again.class);
        }
        othersAreRecorded(4);

        assertThat(attempts.failed(ID, SOURCE, true, T.plusSeconds(4))).isEqualTo(new GiveUp(T));
    }

    @Test
    void aBatchThatCannotBeRecordedAsItIsNeedsNoOthersToBeGivenUp() {
        for (int i = 1; i < 4; i++) {
            assertThat(attempts.failed(ID, SOURCE, false, T)).isInstanceOf(Again.class);
        }

        assertThat(attempts.failed(ID, SOURCE, false, T)).isInstanceOf(GiveUp.class);
    }

    @Test
    void theNextBatchesOfABrokenSourceAreGivenUpSooner() {
        for (int i = 1; i <= 4; i++) {
            attempts.failed(ID, SOURCE, false, T);
        }
        MessageId next = new MessageId(8, 2_000);

        assertThat(attempts.failed(next, SOURCE, false, T)).isInstanceOf(Again.class);
        assertThat(attempts.failed(next, SOURCE, false, T)).isInstanceOf(GiveUp.class);
    }

    @Test
    void aSourceThatIsRecordedAgainIsTriedAsOftenAsAny() {
        for (int i = 1; i <= 4; i++) {
            attempts.failed(ID, SOURCE, false, T);
        }
        attempts.recorded(new MessageId(8, 2_000), SOURCE);
        MessageId next = new MessageId(9, 3_000);

        attempts.failed(next, SOURCE, false, T);
        assertThat(attempts.failed(next, SOURCE, false, T)).isInstanceOf(Again.class);
    }

    @Test
    void theDelayDoublesAndStaysShortWhileNothingIsRecorded() {
        assertThat(attempts.failed(ID, SOURCE, false, T)).isEqualTo(new Again(Duration.ofSeconds(1)));
        assertThat(attempts.failed(ID, SOURCE, false, T)).isEqualTo(new Again(Duration.ofSeconds(2)));
        assertThat(attempts.failed(ID, SOURCE, false, T)).isEqualTo(new Again(Duration.ofSeconds(4)));
        MessageId other = new MessageId(8, 2_000);
        for (int i = 0; i < 100; i++) {
            attempts.failed(other, OTHER, true, T);
        }
        assertThat(attempts.failed(other, OTHER, true, T)).isEqualTo(new Again(Duration.ofSeconds(5)));
    }

    @Test
    void whatIsRememberedIsBounded() {
        for (int i = 0; i < 1_000; i++) {
            attempts.failed(new MessageId(i, 1), SOURCE, false, T);
        }
        for (int i = 0; i < 900; i++) {
            assertThat(attempts.failed(new MessageId(i, 1), SOURCE, false, T))
                    .isEqualTo(new Again(Duration.ofSeconds(1)));
        }
    }

    private void othersAreRecorded(int i) {
        attempts.recorded(new MessageId(100 + i, 1), OTHER);
    }
}
