package io.sonde.views;

import io.sonde.core.Distribution;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Values in the form the driver takes them. */
final class Columns {
    private Columns() {}

    static OffsetDateTime time(long epochMs) {
        return Instant.ofEpochMilli(epochMs).atOffset(ZoneOffset.UTC);
    }

    static long epochMs(OffsetDateTime time) {
        return time.toInstant().toEpochMilli();
    }

    /** NULL where nothing was measured. */
    static Double[] numbers(List<Distribution> measures, ToDoubleFunction<Distribution> number) {
        Double[] numbers = new Double[measures.size()];
        for (int i = 0; i < numbers.length; i++) {
            if (measures.get(i).count() > 0) {
                numbers[i] = number.applyAsDouble(measures.get(i));
            }
        }
        return numbers;
    }

    static double number(Double[] numbers, int i) {
        return numbers[i] == null ? Double.NaN : numbers[i];
    }
}
