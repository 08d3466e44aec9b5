package io.sonde.views;

import io.sonde.core.ClosedWindowsFormat;
import io.sonde.core.Distribution;
import io.sonde.core.WindowAggregate;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** {@code window_1m}, {@code window_1h} and {@code window_1d}, written: one shape, a row per series and start. */
final class WindowTable {
    private static final List<String> KEY = List.of("series_id", "window_start");
    private static final List<String> VALUES = List.of(
            "updated_at",
            "revision",
            "success",
            "errors",
            "counts",
            "mins",
            "maxs",
            "p50s",
            "p95s",
            "summary",
            "reasons",
            "label");
    private static final int ROWS_PER_BATCH = 256;

    static final WindowTable MINUTES =
            new WindowTable(Resolution.MINUTE, " WHERE window_1m.revision < excluded.revision");
    static final WindowTable HOURS = new WindowTable(Resolution.HOUR, "");
    static final WindowTable DAYS = new WindowTable(Resolution.DAY, "");

    private final Resolution resolution;
    private final String upsert;

    private WindowTable(Resolution resolution, String onlyWhere) {
        this.resolution = resolution;
        this.upsert = "INSERT INTO " + name() + " (" + String.join(", ", KEY) + ", " + String.join(", ", VALUES)
                + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?) ON CONFLICT (" + String.join(", ", KEY)
                + ") DO UPDATE SET "
                + String.join(
                        ", ",
                        VALUES.stream()
                                .map(column -> column + " = excluded." + column)
                                .toList())
                + onlyWhere;
    }

    /** The table whose rows have this length; five-minute windows are always made of minutes. */
    static WindowTable of(Resolution resolution) {
        return switch (resolution) {
            case MINUTE, FIVE_MINUTES -> MINUTES;
            case HOUR -> HOURS;
            case DAY -> DAYS;
        };
    }

    String name() {
        return "window_" + resolution.code();
    }

    Resolution resolution() {
        return resolution;
    }

    /** Minutes are replaced by higher revisions only, hours and days by whatever is newly computed. */
    void upsert(Connection connection, Collection<WindowRow> rows) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(upsert)) {
            int waiting = 0;
            for (WindowRow row : onePerKey(rows)) {
                set(connection, statement, row);
                statement.addBatch();
                if (++waiting == ROWS_PER_BATCH) {
                    statement.executeBatch();
                    waiting = 0;
                }
            }
            if (waiting > 0) {
                statement.executeBatch();
            }
        }
    }

    /** The highest revision of each window; sorted, so that two writers never wait for each other in a circle. */
    private static Collection<WindowRow> onePerKey(Collection<WindowRow> rows) {
        Map<Position, WindowRow> highest = new TreeMap<>();
        for (WindowRow row : rows) {
            highest.merge(row.position(), row, WindowTable::higher);
        }
        return highest.values();
    }

    private static WindowRow higher(WindowRow a, WindowRow b) {
        return b.aggregate().revision() > a.aggregate().revision() ? b : a;
    }

    private static void set(Connection connection, PreparedStatement statement, WindowRow row) throws SQLException {
        WindowAggregate window = row.aggregate();
        List<Distribution> measures = window.measures();
        boolean summariesSayAll = measures.stream().allMatch(WindowTable::summarySaysAll);
        statement.setLong(1, row.seriesId());
        statement.setObject(2, Columns.time(window.startMs()));
        statement.setObject(3, Columns.time(row.updatedMs()));
        statement.setLong(4, window.revision());
        statement.setLong(5, window.success());
        setCounts(connection, statement, 6, window.error() == 0 ? List.of() : window.errors());
        statement.setArray(
                7,
                connection.createArrayOf(
                        "int8", measures.stream().map(Distribution::count).toArray(Long[]::new)));
        setNumbers(connection, statement, 8, summariesSayAll ? List.of() : measures, Distribution::min);
        setNumbers(connection, statement, 9, summariesSayAll ? List.of() : measures, Distribution::max);
        statement.setArray(10, connection.createArrayOf("float8", Columns.numbers(measures, Distribution::p50)));
        statement.setArray(11, connection.createArrayOf("float8", Columns.numbers(measures, Distribution::p95)));
        statement.setBytes(12, ClosedWindowsFormat.writeSummaries(measures));
        statement.setString(13, window.reasons().isEmpty() ? null : JsonColumn.ofCounts(window.reasons()));
        statement.setString(14, row.label() == null ? null : StoredText.of(row.label()));
    }

    private static boolean summarySaysAll(Distribution measure) {
        return measure.count() == 0
                || (measure.summary().exact()
                        && measure.summary().quantile(0) == measure.min()
                        && measure.summary().quantile(1) == measure.max());
    }

    private static void setCounts(Connection connection, PreparedStatement statement, int at, List<Long> counts)
            throws SQLException {
        if (counts.isEmpty()) {
            statement.setNull(at, Types.ARRAY);
        } else {
            statement.setArray(at, connection.createArrayOf("int8", counts.toArray(Long[]::new)));
        }
    }

    private static void setNumbers(
            Connection connection,
            PreparedStatement statement,
            int at,
            List<Distribution> measures,
            ToDoubleFunction<Distribution> number)
            throws SQLException {
        if (measures.isEmpty()) {
            statement.setNull(at, Types.ARRAY);
        } else {
            statement.setArray(at, connection.createArrayOf("float8", Columns.numbers(measures, number)));
        }
    }
}
