package io.sonde.app.settings;

import io.sonde.core.SourceId;
import io.sonde.diagnosis.Diagnostics;
import io.sonde.diagnosis.Trial;
import io.sonde.views.History;
import io.sonde.views.Span;
import io.sonde.views.WindowQueries;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What the last 24 hours would have been labelled by other thresholds, beside what those that hold say of the same windows:
 * both are judged anew, so that nothing but the thresholds makes a difference.
 */
final class ThresholdPreview {
    static final Duration BACK = Duration.ofHours(24);
    /** Longer than it takes until there is something to compare with. */
    private static final Duration TO_LEARN = Duration.ofHours(1);
    /** A whole day of one series, and what it learns from. */
    private static final int MOST_WINDOWS_EACH = 1_600;

    private static final int MOST_SERIES = 200;
    /** After which no further series is begun. */
    private static final Duration LIMIT = Duration.ofSeconds(3);

    private final WindowQueries queries;
    private final Clock clock;

    ThresholdPreview(WindowQueries queries, Clock clock) {
        this.queries = queries;
        this.clock = clock;
    }

    /**
     * What came out of it.
     *
     * @param series so many were judged
     * @param of of so many
     */
    record Outcome(long fromMs, long toMs, int series, long of, Trial before, Trial after) {}

    private record Question(
            String tenant, String kind, Diagnostics before, Diagnostics after, Span span, long endNanos) {}

    CompletionStage<Outcome> run(String tenant, String kind, Diagnostics before, Diagnostics after) {
        long now = clock.millis();
        var question = new Question(
                tenant, kind, before, after, new Span(now - BACK.toMillis(), now), System.nanoTime() + LIMIT.toNanos());
        return queries.sample(tenant, kind, question.span().fromMs(), MOST_SERIES)
                .thenCompose(sample -> next(
                        question,
                        sample.series(),
                        new Outcome(
                                question.span().fromMs(),
                                question.span().toMs(),
                                0,
                                sample.of(),
                                Trial.NONE,
                                Trial.NONE)));
    }

    private CompletionStage<Outcome> next(Question question, List<History.Of> left, Outcome until) {
        if (left.isEmpty() || System.nanoTime() > question.endNanos()) {
            return CompletableFuture.completedStage(until);
        }
        History.Of series = left.get(0);
        var span = new Span(
                question.span().fromMs() - TO_LEARN.toMillis(), question.span().toMs());
        return queries.history(series, span, MOST_WINDOWS_EACH)
                .thenApply(history -> judged(question, series, history, until))
                .thenCompose(outcome -> next(question, left.subList(1, left.size()), outcome));
    }

    private static Outcome judged(Question question, History.Of series, History history, Outcome until) {
        var source = new SourceId(question.tenant(), question.kind(), series.source(), 0);
        return new Outcome(
                until.fromMs(),
                until.toMs(),
                until.series() + 1,
                until.of(),
                until.before().plus(trial(question, source, history, question.before())),
                until.after().plus(trial(question, source, history, question.after())));
    }

    private static Trial trial(Question question, SourceId source, History history, Diagnostics rules) {
        return Trial.of(source, history.minutes(), question.span().fromMs(), rules, history::sameHour);
    }
}
