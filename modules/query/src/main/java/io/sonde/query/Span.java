package io.sonde.query;

import io.sonde.views.OverviewQuery;
import io.sonde.views.Resolution;
import io.sonde.views.WorstQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** From when, inclusive, to when, exclusive, is asked; epoch ms. */
record Span(long fromMs, long toMs) {
    /** Up to now and as long as is usual, where nothing else is said. */
    static Span of(Parameters parameters, Resolution resolution, long nowMs) {
        Span span = upTo(parameters, nowMs, resolution.usualSpan());
        if (span.lengthMs() > resolution.longestSpan().toMillis()) {
            throw Parameters.invalid(
                    "from",
                    text(span.fromMs()),
                    "a time at most " + resolution.longestSpan().toDays() + " days before to (" + text(span.toMs())
                            + ") with resolution " + resolution.code() + ", or a coarser resolution");
        }
        return span;
    }

    /** Up to now and a quarter of an hour, where nothing else is said. */
    static Span ofWorst(Parameters parameters, long nowMs) {
        Span span = upTo(parameters, nowMs, WorstQuery.USUAL);
        if (span.lengthMs() > WorstQuery.LONGEST.toMillis()) {
            throw Parameters.invalid(
                    "from",
                    text(span.fromMs()),
                    "a time at most " + WorstQuery.LONGEST.toMinutes() + " minutes before to (" + text(span.toMs())
                            + "); ask of longer times in parts, or of one series with /api/v1/windows");
        }
        return span;
    }

    /** Up to now and an hour, where nothing else is said. */
    static Span ofOverview(Parameters parameters, long nowMs) {
        Span span = upTo(parameters, nowMs, OverviewQuery.USUAL);
        if (span.lengthMs() > OverviewQuery.LONGEST.toMillis()) {
            throw Parameters.invalid(
                    "from",
                    text(span.fromMs()),
                    "a time at most " + OverviewQuery.LONGEST.toDays() + " days before to (" + text(span.toMs())
                            + "): older windows are not kept");
        }
        return span;
    }

    private static Span upTo(Parameters parameters, long nowMs, Duration usual) {
        long to = parameters.time("to").orElse(nowMs);
        long from = parameters.time("from").orElse(Math.max(0, to - usual.toMillis()));
        if (from >= to) {
            throw Parameters.invalid("from", text(from), "a time before to, which is " + text(to));
        }
        return new Span(from, to);
    }

    /** Up to now and a day, where nothing else is said. */
    static Span ofDistribution(Parameters parameters, long nowMs) {
        long to = parameters.time("to").orElse(nowMs);
        long from = parameters.time("from").orElse(Math.max(0, to - Resolution.DAY.lengthMs()));
        if (from >= to) {
            throw Parameters.invalid("from", text(from), "a time before to, which is " + text(to));
        }
        if (to - from > Resolution.DAY.longestSpan().toMillis()) {
            throw Parameters.invalid(
                    "from",
                    text(from),
                    "a time at most " + Resolution.DAY.longestSpan().toDays() + " days before to (" + text(to) + ")");
        }
        return new Span(from, to);
    }

    /** Everything there is, where nothing else is said: for lists of which the latest come first. */
    static Span ofAll(Parameters parameters, Optional<Cursor> cursor) {
        if (cursor.isPresent()) {
            return new Span(cursor.get().valid(0), cursor.get().valid(1));
        }
        long to = Math.min(parameters.time("to").orElse(Cursor.LARGEST), Cursor.LARGEST);
        long from = parameters.time("from").orElse(0);
        if (from >= to) {
            throw Parameters.invalid("from", text(from), "a time before to, which is " + text(to));
        }
        return new Span(from, to);
    }

    private long lengthMs() {
        return toMs - fromMs;
    }

    static String text(long epochMs) {
        return Instant.ofEpochMilli(epochMs).toString();
    }
}
