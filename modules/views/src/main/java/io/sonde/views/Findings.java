package io.sonde.views;

import io.sonde.core.SeriesId;
import io.sonde.views.Difference.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a verification has come to so far: everything counted, the first differences kept. */
final class Findings {
    private final int kept;
    private final List<Difference> first = new ArrayList<>();
    private final Map<Kind, Long> differences = new EnumMap<>(Kind.class);
    private long events;
    private long notCopied;
    private long windows;
    private long incidents;
    private long rollups;
    private long overviews;

    Findings(int kept) {
        this.kept = kept;
    }

    void event() {
        events++;
    }

    void notCopied() {
        notCopied++;
    }

    void window() {
        windows++;
    }

    void incident() {
        incidents++;
    }

    void rollup() {
        rollups++;
    }

    void overview() {
        overviews++;
    }

    void differs(Kind kind, @Nullable SeriesId series, @Nullable Long startMs, String detail) {
        differs(kind, 1);
        if (first.size() < kept) {
            first.add(new Difference(kind, series, startMs, detail));
        }
    }

    /** More of a kind than are named. */
    void differs(Kind kind, long count) {
        differences.merge(kind, count, Long::sum);
    }

    int room() {
        return kept - first.size();
    }

    Verified done(Span span, boolean behind) {
        return new Verified(
                span, events, notCopied, behind, windows, incidents, rollups, overviews, differences, first);
    }
}
