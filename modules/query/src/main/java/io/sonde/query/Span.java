package io.sonde.query;

import io.sonde.views.Resolution;
import java.time.Instant;

/** From when, inclusive, to when, exclusive, is asked; epoch ms. */
record Span(long fromMs, long toMs) {
    /** Up to now and as long as is usual, where nothing else is said. */
    static Span of(Parameters parameters, Resolution resolution, long nowMs) {
        long to = parameters.time("to").orElse(nowMs);
        long from = parameters
                .time("from")
                .orElse(Math.max(0, to - resolution.usualSpan().toMillis()));
        if (from >= to) {
            throw Parameters.invalid("from", text(from), "a time before to, which is " + text(to));
        }
        if (to - from > resolution.longestSpan().toMillis()) {
            throw Parameters.invalid(
                    "from",
                    text(from),
                    "a time at most " + resolution.longestSpan().toDays() + " days before to (" + text(to)
                            + ") with resolution " + resolution.code() + ", or a coarser resolution");
        }
        return new Span(from, to);
    }

    static String text(long epochMs) {
        return Instant.ofEpochMilli(epochMs).toString();
    }
}
