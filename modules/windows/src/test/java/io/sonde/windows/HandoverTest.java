package io.sonde.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.core.Batch;
import io.sonde.core.ClosedWindows;
import io.sonde.core.Minute;
import io.sonde.core.Sample;
import io.sonde.core.SourceId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HandoverTest {
    private static final long START = WindowsDomain.BASE_MS;
    private static final long DUE = Minute.endOf(START) + Handover.GRACE_MS;

    private final Windows windows = new Windows(WindowsDomain.SOURCE, WindowsDomain.KIND);
    private final Handover handover = new Handover(WindowsDomain.SOURCE, () -> 0);

    @Test
    void aWindowIsHandedOverAfterItsEndAndGrace() {
        count(1, "http://a/");

        assertThat(handover.next(windows, DUE - 1)).isEmpty();
        assertThat(handover.next(windows, DUE)).hasValueSatisfying(closed -> {
            assertThat(closed.startMs()).isEqualTo(START);
            assertThat(closed.windows()).hasSize(1);
        });
    }

    @Test
    void manySourcesAreSpreadOverSecondsAndAFewAreNotKeptWaiting() {
        assertThat(spread(2_000).getMax()).isBetween(DUE + 3_900, DUE + 4_000);
        assertThat(spread(2_000).getAverage()).isBetween(DUE + 1_800.0, DUE + 2_200.0);
        assertThat(spread(100_000).getMax()).isBetween(DUE + 4_900, DUE + 5_000);
        assertThat(spread(5).getMax()).isBetween(DUE, DUE + 10);
    }

    /** When the window of each of so many sources is due. */
    private static LongSummaryStatistics spread(int sources) {
        return IntStream.range(0, sources)
                .mapToObj(i -> new Handover(new SourceId("default", "qoe", "berlin-" + i, 0), () -> sources))
                .mapToLong(handover -> handover.dueMs(batch(1, "http://a/")))
                .summaryStatistics();
    }

    @Test
    void whatIsUnderWayIsNotHandedOverTwice() {
        count(1, "http://a/");
        handover.next(windows, DUE);

        assertThat(handover.next(windows, DUE + Handover.REST_MS)).isEmpty();
    }

    @Test
    void whatWasNotConfirmedComesAgainAfterARest() {
        count(1, "http://a/");
        ClosedWindows closed = handover.next(windows, DUE).orElseThrow();

        assertThat(handover.failed(closed, DUE)).as("worth a word").isTrue();
        assertThat(handover.failed(closed, DUE)).as("worth another").isFalse();

        assertThat(handover.next(windows, DUE + Handover.REST_MS - 1)).isEmpty();
        assertThat(handover.next(windows, DUE + Handover.REST_MS)).contains(closed);
    }

    @Test
    void anAnswerThatNeverComesIsNotWaitedForForEver() {
        count(1, "http://a/");
        ClosedWindows closed = handover.next(windows, DUE).orElseThrow();

        assertThat(handover.next(windows, DUE + Handover.ANSWER_LIMIT_MS)).contains(closed);
    }

    @Test
    void manyTargetsGoInSeveralMessagesAndNoneIsForgotten() {
        int targets = 2 * Handover.AT_A_TIME + 1;
        for (int i = 0; i < targets; i++) {
            count(i, "http://target-" + i + "/");
        }

        List<Integer> sizes = new ArrayList<>();
        Set<String> handedOver = new HashSet<>();
        for (Optional<ClosedWindows> next = handover.next(windows, DUE);
                next.isPresent();
                next = handover.next(windows, DUE)) {
            sizes.add(next.get().windows().size());
            next.get().windows().forEach(window -> handedOver.add(window.target()));
            handover.confirmed(next.get());
        }

        assertThat(sizes).containsExactly(Handover.AT_A_TIME, Handover.AT_A_TIME, 1);
        assertThat(handedOver).hasSize(targets);
    }

    @Test
    void aLateButAllowedEventMakesANextRevisionOfItsWindowAlone() {
        count(1, "http://a/");
        count(2, "http://b/");
        handover.confirmed(handover.next(windows, DUE).orElseThrow());
        count(3, "http://b/");

        ClosedWindows revised = handover.next(windows, DUE + Handover.REST_MS).orElseThrow();

        assertThat(revised.windows()).singleElement().satisfies(window -> {
            assertThat(window.target()).isEqualTo("http://b/");
            assertThat(window.revision()).isEqualTo(2);
        });
    }

    @Test
    void aWindowIsSealedOnlyWhenConfirmedAndPassedByTheWatermark() {
        count(1, "http://a/");
        long passed = Minute.endOf(START) + Minute.LATENESS_MS + 1;

        assertThat(handover.sealable(windows, passed)).isEmpty();
        handover.confirmed(handover.next(windows, DUE).orElseThrow());

        assertThat(handover.sealable(windows, passed - 1)).isEmpty();
        assertThat(handover.sealable(windows, Long.MIN_VALUE)).isEmpty();
        assertThat(handover.sealable(windows, passed)).isEqualTo(OptionalLong.of(Minute.endOf(START)));
    }

    @Test
    void aRevisionThatIsNotConfirmedYetKeepsItsWindowUnsealed() {
        count(1, "http://a/");
        handover.confirmed(handover.next(windows, DUE).orElseThrow());
        count(2, "http://a/");

        assertThat(handover.sealable(windows, DUE + 10 * Minute.LATENESS_MS)).isEmpty();
    }

    @Test
    void itWakesUpForTheNextHandOverAndThenForSealing() {
        count(1, "http://a/");

        assertThat(handover.wakeUpMs(windows, START)).isEqualTo(OptionalLong.of(DUE));
        handover.confirmed(handover.next(windows, DUE).orElseThrow());
        assertThat(handover.wakeUpMs(windows, DUE))
                .isEqualTo(OptionalLong.of(Minute.endOf(START) + Minute.LATENESS_MS));
    }

    private void count(long id, String target) {
        windows.decide(batch(id, target)).events().forEach(windows::apply);
    }

    private static Batch batch(long id, String target) {
        Sample sample = new Sample(new UUID(7, id), target, START, new double[] {1, 2}, Sample.SUCCESS, "");
        return new Batch(WindowsDomain.SOURCE, START, Map.of(), List.of(sample), false);
    }
}
