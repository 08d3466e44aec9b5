package io.sonde.views;

import io.sonde.core.Distribution;
import io.sonde.core.WindowAggregate;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Adds up windows of many series: counts are added, percentiles come from the merged summaries. */
final class OverviewSum {
    /** Reasons come from outside, and every window may have others. */
    static final int MOST_REASONS = 100;
    /** So many summaries are kept at a time, and not those of twenty thousand windows. */
    private static final int MERGED_AT_A_TIME = 128;

    private long windows;
    private long success;
    private long scored;
    private long scoreSum;
    private final List<Long> errors = new ArrayList<>();
    private final Map<String, Long> reasons = new HashMap<>();
    private final List<List<Distribution>> measures = new ArrayList<>();
    private final BitSet series = new BitSet();

    /** One row for each time of this length that any of the rows begins in. */
    static SortedMap<Long, OverviewRow> by(long lengthMs, List<OverviewRow> rows) {
        SortedMap<Long, OverviewSum> sums = new TreeMap<>();
        for (OverviewRow row : rows) {
            sums.computeIfAbsent(Math.floorDiv(row.startMs(), lengthMs) * lengthMs, any -> new OverviewSum())
                    .add(row);
        }
        return rows(sums);
    }

    static SortedMap<Long, OverviewRow> rows(Map<Long, OverviewSum> sums) {
        SortedMap<Long, OverviewRow> rows = new TreeMap<>();
        sums.forEach((startMs, sum) -> rows.put(startMs, sum.row(startMs)));
        return rows;
    }

    void add(long seriesId, WindowAggregate window, Diagnosis diagnosis) {
        windows++;
        success += window.success();
        if (diagnosis.hasScore()) {
            scored += window.total();
            scoreSum += diagnosis.score() * window.total();
        }
        add(window.errors(), window.reasons(), window.measures());
        series.set(Math.toIntExact(seriesId));
    }

    void add(OverviewRow row) {
        windows += row.windows();
        success += row.success();
        scored += row.scored();
        scoreSum += row.scoreSum();
        add(row.errors(), row.reasons(), row.measures());
        row.series().addTo(series);
    }

    OverviewRow row(long startMs) {
        return new OverviewRow(
                startMs,
                windows,
                success,
                errors,
                mostFrequent(),
                scored,
                scoreSum,
                measures.stream().map(Merging::merge).toList(),
                SeriesSet.of(series));
    }

    private void add(List<Long> moreErrors, Map<String, Long> moreReasons, List<Distribution> moreMeasures) {
        Merging.addEach(errors, moreErrors);
        moreReasons.forEach((reason, count) -> reasons.merge(reason, count, Long::sum));
        Merging.appendEach(measures, moreMeasures);
        for (List<Distribution> of : measures) {
            if (of.size() >= MERGED_AT_A_TIME) {
                Distribution merged = Merging.merge(of);
                of.clear();
                of.add(merged);
            }
        }
    }

    /** Of equals the first by name, so that the same windows give the same. */
    private Map<String, Long> mostFrequent() {
        Map<String, Long> most = new LinkedHashMap<>();
        reasons.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(MOST_REASONS)
                .forEach(reason -> most.put(reason.getKey(), reason.getValue()));
        return most;
    }
}
