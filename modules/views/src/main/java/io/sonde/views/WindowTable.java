package io.sonde.views;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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
            "label",
            "score",
            "rules",
            "verdicts");
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
                + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?::jsonb) ON CONFLICT ("
                + String.join(", ", KEY)
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
    static Collection<WindowRow> onePerKey(Collection<WindowRow> rows) {
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
        WindowValues values = WindowValues.of(row);
        statement.setLong(1, row.seriesId());
        statement.setObject(2, Columns.time(row.aggregate().startMs()));
        statement.setObject(3, Columns.time(values.updatedMs()));
        statement.setLong(4, values.revision());
        statement.setLong(5, values.success());
        setArrayOrNull(connection, statement, 6, "int8", values.errors());
        setArray(connection, statement, 7, "int8", values.counts());
        setArrayOrNull(connection, statement, 8, "float8", values.mins());
        setArrayOrNull(connection, statement, 9, "float8", values.maxs());
        setArray(connection, statement, 10, "float8", values.p50s());
        setArray(connection, statement, 11, "float8", values.p95s());
        statement.setBytes(12, values.summary().array());
        statement.setString(13, values.reasons().isEmpty() ? null : JsonColumn.ofCounts(values.reasons()));
        set(statement, 14, values.diagnosis());
    }

    private static void set(PreparedStatement statement, int at, Diagnosis diagnosis) throws SQLException {
        statement.setString(at, diagnosis.label());
        if (diagnosis.hasScore()) {
            statement.setInt(at + 1, diagnosis.score());
        } else {
            statement.setNull(at + 1, Types.SMALLINT);
        }
        statement.setString(at + 2, diagnosis.rules());
        statement.setString(at + 3, diagnosis.verdicts().isEmpty() ? null : VerdictJson.text(diagnosis.verdicts()));
    }

    private static void setArrayOrNull(
            Connection connection,
            PreparedStatement statement,
            int at,
            String type,
            List<? extends @Nullable Number> all)
            throws SQLException {
        if (all.isEmpty()) {
            statement.setNull(at, Types.ARRAY);
        } else {
            setArray(connection, statement, at, type, all);
        }
    }

    private static void setArray(
            Connection connection,
            PreparedStatement statement,
            int at,
            String type,
            List<? extends @Nullable Number> all)
            throws SQLException {
        statement.setArray(at, connection.createArrayOf(type, all.toArray()));
    }
}
