package io.sonde.core;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One window of one series, counted. The same events give the same aggregate in any order and however often sent.
 *
 * @param startMs epoch ms, a multiple of a minute
 * @param errors one count per {@link Kind#errorStages()}
 * @param reasons how often each failure happened, by {@code stage index + ":" + reason}
 * @param measures one per {@link Kind#measures()}
 */
public record WindowAggregate(
        String target,
        long startMs,
        long success,
        List<Long> errors,
        Map<String, Long> reasons,
        List<Distribution> measures) {
    public WindowAggregate {
        Objects.requireNonNull(target);
        errors = List.copyOf(errors);
        reasons = Map.copyOf(reasons);
        measures = List.copyOf(measures);
    }

    public long error() {
        long sum = 0;
        for (long count : errors) {
            sum += count;
        }
        return sum;
    }

    public long total() {
        return success + error();
    }

    /** How many events are counted: it only grows, so of two aggregates of one window the higher is the newer. */
    public long revision() {
        return total();
    }
}
