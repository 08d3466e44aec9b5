package io.sonde.views;

import io.sonde.core.Distribution;
import io.sonde.core.Judgement;
import io.sonde.core.Summary;
import io.sonde.core.WindowAggregate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes long windows of short ones: counts are added, percentiles come from the merged summaries. */
final class Merging {
    private Merging() {}

    /** The windows of one length that hold {@code rows}, in the order of the rows. */
    static List<WindowRow> into(Resolution whole, List<WindowRow> rows) {
        Map<Position, List<WindowRow>> parts = new LinkedHashMap<>();
        for (WindowRow row : rows) {
            long start = whole.startOf(row.aggregate().startMs());
            parts.computeIfAbsent(new Position(row.seriesId(), start), any -> new ArrayList<>())
                    .add(row);
        }
        List<WindowRow> merged = new ArrayList<>(parts.size());
        parts.forEach((position, of) -> merged.add(merge(position.startMs(), of)));
        return merged;
    }

    private static WindowRow merge(long startMs, List<WindowRow> parts) {
        long success = 0;
        long updatedMs = Long.MIN_VALUE;
        List<Long> errors = new ArrayList<>();
        Map<String, Long> reasons = new HashMap<>();
        List<List<Distribution>> measures = new ArrayList<>();
        for (WindowRow part : parts) {
            success += part.aggregate().success();
            updatedMs = Math.max(updatedMs, part.updatedMs());
            addEach(errors, part.aggregate().errors());
            part.aggregate().reasons().forEach((reason, count) -> reasons.merge(reason, count, Long::sum));
            appendEach(measures, part.aggregate().measures());
        }
        WindowRow first = parts.get(0);
        WindowAggregate whole = new WindowAggregate(
                first.aggregate().target(),
                startMs,
                success,
                errors,
                reasons,
                measures.stream().map(Merging::merge).toList());
        return new WindowRow(first.seriesId(), first.source(), whole, Diagnosis.ofScore(score(parts)), updatedMs);
    }

    /** The mean of those that have one, by their events: the score of all events together, but for rounding. */
    private static int score(List<WindowRow> parts) {
        long events = 0;
        long sum = 0;
        for (WindowRow part : parts) {
            if (part.diagnosis().hasScore()) {
                events += part.aggregate().total();
                sum += part.diagnosis().score() * part.aggregate().total();
            }
        }
        return events == 0 ? Judgement.NO_SCORE : (int) Math.round((double) sum / events);
    }

    /** A row written before its kind had the last measures or stages is shorter. */
    static void addEach(List<Long> sums, List<Long> counts) {
        for (int i = 0; i < counts.size(); i++) {
            if (i == sums.size()) {
                sums.add(0L);
            }
            sums.set(i, sums.get(i) + counts.get(i));
        }
    }

    static void appendEach(List<List<Distribution>> measures, List<Distribution> more) {
        for (int i = 0; i < more.size(); i++) {
            if (i == measures.size()) {
                measures.add(new ArrayList<>());
            }
            measures.get(i).add(more.get(i));
        }
    }

    /** Of one measure. */
    static Distribution merge(List<Distribution> parts) {
        long count = 0;
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        List<Summary> summaries = new ArrayList<>(parts.size());
        for (Distribution part : parts) {
            if (part.count() > 0) {
                count += part.count();
                min = Math.min(min, part.min());
                max = Math.max(max, part.max());
                summaries.add(part.summary());
            }
        }
        if (count == 0) {
            return Distribution.EMPTY;
        }
        Summary all = Summary.merge(summaries);
        return new Distribution(count, min, max, quantile(all, 0.5, min, max), quantile(all, 0.95, min, max), all);
    }

    /** A sketch may answer a little beyond the values it has seen. */
    static double quantile(Summary summary, double q, double min, double max) {
        return Math.min(max, Math.max(min, summary.quantile(q)));
    }
}
