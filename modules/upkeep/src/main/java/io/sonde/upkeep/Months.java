package io.sonde.upkeep;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Locale;

/** The months that windows are kept in, by UTC. */
final class Months {
    private Months() {}

    static YearMonth of(Instant at) {
        return YearMonth.from(at.atOffset(ZoneOffset.UTC));
    }

    static Instant start(YearMonth month) {
        return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    /** The partition of a month, such as {@code window_1m_2026_05}. */
    static String partition(String table, YearMonth month) {
        return String.format(Locale.ROOT, "%s_%04d_%02d", table, month.getYear(), month.getMonthValue());
    }

    static YearMonth ofPartition(String partition) {
        int length = partition.length();
        return YearMonth.of(
                Integer.parseInt(partition, length - 7, length - 3, 10),
                Integer.parseInt(partition, length - 2, length, 10));
    }
}
