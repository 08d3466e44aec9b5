package io.sonde.bench;

import io.sonde.core.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the read side holds of one window of a {@link Ledger}.
 *
 * @param total events, and those that succeeded
 * @param errors one per stage
 * @param percentiles P50 and P95 of each measure in turn, {@code NaN} when nothing was measured
 * @param tcp the TCP times themselves
 */
record StoredWindow(long total, long success, List<Long> errors, List<Double> percentiles, List<Double> tcp) {
    StoredWindow {
        errors = List.copyOf(errors);
        percentiles = List.copyOf(percentiles);
        tcp = List.copyOf(tcp);
    }

    /** What is to be stored of these slots, worked out the plain way. */
    static StoredWindow of(long slots) {
        List<Long> errors = new ArrayList<>();
        List<Double> percentiles = new ArrayList<>();
        List<Double> tcp = new ArrayList<>();
        for (int stage = 0; stage < LedgerEvent.MEASURES; stage++) {
            errors.add(slots >>> LedgerEvent.slotOfError(stage) & 1);
        }
        for (int measure = 0; measure < LedgerEvent.MEASURES; measure++) {
            double[] sorted = measured(measure, slots);
            percentiles.add(percentile(sorted, 50));
            percentiles.add(percentile(sorted, 95));
        }
        Arrays.stream(measured(1, slots)).forEach(tcp::add);
        long failed = errors.stream().mapToLong(Long::longValue).sum();
        return new StoredWindow(Long.bitCount(slots), Long.bitCount(slots) - failed, errors, percentiles, tcp);
    }

    private static double[] measured(int measure, long slots) {
        double[] values = new double[LedgerEvent.SLOTS];
        int count = 0;
        for (int slot = 0; slot < LedgerEvent.SLOTS; slot++) {
            boolean counts = (slots >>> slot & 1) == 1 && LedgerEvent.error(slot) == Sample.SUCCESS;
            if (counts && !Double.isNaN(LedgerEvent.value(measure, slot))) {
                values[count++] = LedgerEvent.value(measure, slot);
            }
        }
        double[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        return sorted;
    }

    private static double percentile(double[] sorted, int percent) {
        return sorted.length == 0 ? Double.NaN : sorted[(sorted.length * percent + 99) / 100 - 1];
    }

    /** How often each slot was counted. */
    int[] timesCounted() {
        int[] times = new int[LedgerEvent.SLOTS];
        for (double stored : tcp) {
            LedgerEvent.slotOfTcp(stored).ifPresent(slot -> times[slot]++);
        }
        for (int stage = 0; stage < errors.size(); stage++) {
            times[LedgerEvent.slotOfError(stage)] += Math.toIntExact(errors.get(stage));
        }
        return times;
    }
}
