package io.sonde.views;

import io.sonde.core.ClosedWindowsFormat;
import io.sonde.core.Distribution;
import io.sonde.core.WindowAggregate;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What the columns of a window's row hold beside its key; where a column is NULL, the list or map is empty. */
record WindowValues(
        long updatedMs,
        long revision,
        long success,
        List<Long> errors,
        List<Long> counts,
        List<@Nullable Double> mins,
        List<@Nullable Double> maxs,
        List<@Nullable Double> p50s,
        List<@Nullable Double> p95s,
        ByteBuffer summary,
        Map<String, Long> reasons,
        Diagnosis diagnosis) {
    static WindowValues of(WindowRow row) {
        WindowAggregate window = row.aggregate();
        List<Distribution> measures = window.measures();
        boolean summariesSayAll = measures.stream().allMatch(WindowValues::summarySaysAll);
        return new WindowValues(
                row.updatedMs(),
                window.revision(),
                window.success(),
                window.error() == 0 ? List.of() : window.errors(),
                measures.stream().map(Distribution::count).toList(),
                summariesSayAll ? List.of() : numbers(measures, Distribution::min),
                summariesSayAll ? List.of() : numbers(measures, Distribution::max),
                numbers(measures, Distribution::p50),
                numbers(measures, Distribution::p95),
                ByteBuffer.wrap(ClosedWindowsFormat.writeSummaries(measures)),
                JsonColumn.storable(window.reasons()),
                row.diagnosis().storable());
    }

    /** The names of the columns in which the other differs. */
    List<String> differences(WindowValues other) {
        List<String> names = new ArrayList<>();
        compare(names, "updated_at", updatedMs, other.updatedMs);
        compare(names, "revision", revision, other.revision);
        compare(names, "success", success, other.success);
        compare(names, "errors", errors, other.errors);
        compare(names, "counts", counts, other.counts);
        compare(names, "mins", mins, other.mins);
        compare(names, "maxs", maxs, other.maxs);
        compare(names, "p50s", p50s, other.p50s);
        compare(names, "p95s", p95s, other.p95s);
        compare(names, "summary", summary, other.summary);
        compare(names, "reasons", reasons, other.reasons);
        compare(names, "label", diagnosis.label(), other.diagnosis.label());
        compare(names, "score", diagnosis.score(), other.diagnosis.score());
        compare(names, "rules", diagnosis.rules(), other.diagnosis.rules());
        compare(names, "verdicts", diagnosis.verdicts(), other.diagnosis.verdicts());
        return names;
    }

    private static <T> void compare(List<String> names, String column, @Nullable T one, @Nullable T other) {
        if (!Objects.equals(one, other)) {
            names.add(column);
        }
    }

    private static boolean summarySaysAll(Distribution measure) {
        return measure.count() == 0
                || (measure.summary().exact()
                        && measure.summary().quantile(0) == measure.min()
                        && measure.summary().quantile(1) == measure.max());
    }

    private static List<@Nullable Double> numbers(List<Distribution> measures, ToDoubleFunction<Distribution> number) {
        return Arrays.asList(Columns.numbers(measures, number));
    }
}
