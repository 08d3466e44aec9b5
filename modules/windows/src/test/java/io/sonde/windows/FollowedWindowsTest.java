package io.sonde.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.sonde.core.Batch;
import io.sonde.core.ClosedWindows;
import io.sonde.core.Sample;
import io.sonde.core.TraceContext;
import io.sonde.core.Traced;
import io.sonde.core.Tracing.Hop;
import io.sonde.core.Tracing.Step;
import io.sonde.testkit.NotedSpans;
import io.sonde.windows.Windows.Decision;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FollowedWindowsTest {
    private static final TraceContext TRACE = new TraceContext(1, 2, 3);

    private final NotedSpans spans = new NotedSpans();
    private final FollowedWindows followed = new FollowedWindows(spans);
    private final Windows windows = new Windows(WindowsDomain.SOURCE, WindowsDomain.KIND);

    @Property(tries = 100)
    void p15AnAcceptedEventsTraceGoesOnWithTheWindowItIsIn(
            @ForAll @IntRange(max = 5) int minute, @ForAll @IntRange(max = 59_999) int within) {
        FollowedWindowsTest anew = new FollowedWindowsTest();
        Sample sample = sample("http://a/", minute * 60_000L + within);
        anew.record(sample, TRACE);

        assertThat(anew.close(minute, "http://a/").contexts())
                .singleElement()
                .satisfies(context -> assertThat(context.isOfSameTrace(TRACE)).isTrue());
        assertThat(anew.close(minute + 1, "http://a/").contexts()).isEmpty();
        assertThat(anew.spans.ended())
                .extracting(NotedSpans.Span::hop)
                .containsExactly(Hop.JOURNAL_SAMPLES, Hop.RECORD);
    }

    @Test
    void theClosingIsAChildOfTheRecording() {
        record(sample("http://a/", 0), TRACE);
        close(0, "http://a/").end();

        assertThat(spans.ended(Hop.CLOSE)).singleElement().satisfies(close -> assertThat(close.parent())
                .isEqualTo(spans.ended(Hop.RECORD).get(0).context().span()));
    }

    @Test
    void anEventThatComesAgainIsRecordedInItsTraceAndGoesNoFurther() {
        Sample sample = sample("http://a/", 0);
        record(sample, TRACE);
        followed.closed(followed.close(closed(0, "http://a/")), null);

        record(sample, new TraceContext(7, 8, 9));

        assertThat(spans.ended(Hop.RECORD)).hasSize(2);
        assertThat(spans.ended(Hop.JOURNAL_SAMPLES)).hasSize(1);
        assertThat(close(0, "http://a/").contexts()).isEmpty();
    }

    @Test
    void whatComesWhileItsMinuteIsBeingConfirmedGoesOnWithTheNextRevision() {
        TraceContext later = new TraceContext(7, 8, 9);
        record(sample("http://a/", 0), TRACE);
        FollowedWindows.Closing first = followed.close(closed(0, "http://a/"));
        record(sample("http://a/", 1), later);

        followed.closed(first, null);

        assertThat(close(0, "http://a/").contexts())
                .singleElement()
                .satisfies(context -> assertThat(context.isOfSameTrace(later)).isTrue());
    }

    @Test
    void whatWasNotConfirmedGoesOnWithTheNextAttempt() {
        record(sample("http://a/", 0), TRACE);
        followed.closed(followed.close(closed(0, "http://a/")), new IllegalStateException("away"));

        assertThat(close(0, "http://a/").contexts()).hasSize(1);
        assertThat(spans.ended(Hop.CLOSE)).extracting(NotedSpans.Span::failure).containsExactly("away");
    }

    @Test
    void aStopEndsWhatHasBegunAndNothingTwice() {
        record(sample("http://a/", 0), TRACE);
        followed.close(closed(0, "http://a/"));
        Batch unwritten = batch(sample("http://a/", 1), TRACE);
        followed.journal(followed.record(unwritten), windows.decide(unwritten));

        followed.stopped();

        assertThat(spans.ended())
                .extracting(NotedSpans.Span::hop, NotedSpans.Span::failure)
                .containsExactly(
                        tuple(Hop.JOURNAL_SAMPLES, null),
                        tuple(Hop.RECORD, null),
                        tuple(Hop.CLOSE, "stopped"),
                        tuple(Hop.RECORD, "stopped"),
                        tuple(Hop.JOURNAL_SAMPLES, "stopped"));
    }

    @Test
    void windowsOfAnotherTargetAreNotInTheTrace() {
        record(sample("http://a/", 0), TRACE);

        assertThat(close(0, "http://b/").contexts()).isEmpty();
        assertThat(close(0, "http://a/").contexts()).hasSize(1);
    }

    @Test
    void aMinuteIsFollowedForSoManyTracesAndNoMore() {
        for (int i = 1; i <= 100; i++) {
            record(sample("http://a/", i), new TraceContext(i, i, i));
        }

        assertThat(close(0, "http://a/").contexts()).hasSize(TraceContext.MOST);
    }

    private void record(Sample sample, TraceContext trace) {
        Batch batch = batch(sample, trace);
        Step step = followed.record(batch);
        Decision decision = windows.decide(batch);
        Step write = followed.journal(step, decision);
        decision.events().forEach(windows::apply);
        followed.journalled(step, write, batch, decision);
    }

    private static Batch batch(Sample sample, TraceContext trace) {
        return new Batch(
                WindowsDomain.SOURCE,
                sample.tsMs(),
                Map.of(),
                List.of(sample),
                false,
                List.of(new Traced(sample.id(), trace)));
    }

    private Step close(int minute, String target) {
        return followed.close(closed(minute, target)).step();
    }

    private ClosedWindows closed(int minute, String target) {
        long startMs = WindowsDomain.BASE_MS + minute * 60_000L;
        Windows any = new Windows(WindowsDomain.SOURCE, WindowsDomain.KIND);
        any.count(new Batch(WindowsDomain.SOURCE, startMs, Map.of(), List.of(sample(target, minute * 60_000L)), false));
        return any.closed(startMs, Set.of(target));
    }

    private static Sample sample(String target, long offsetMs) {
        return new Sample(
                UUID.randomUUID(), target, WindowsDomain.BASE_MS + offsetMs, new double[] {1, 2}, Sample.SUCCESS, "");
    }
}
