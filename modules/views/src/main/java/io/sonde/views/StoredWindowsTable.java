package io.sonde.views;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.function.LongPredicate;

/** Rows of windows as they are stored, for whoever checks them. */
final class StoredWindowsTable {
    private static final int FETCH_SIZE = 1_000;

    private StoredWindowsTable() {}

    /** Those of these windows that have a row. */
    static Map<Position, WindowValues> at(Connection connection, WindowTable table, Collection<Position> windows)
            throws SQLException {
        Map<Position, WindowValues> found = new HashMap<>();
        if (windows.isEmpty()) {
            return found;
        }
        try (PreparedStatement statement = connection.prepareStatement("SELECT w.*"
                + " FROM unnest(?::bigint[], ?::bigint[]) AS wanted (series_id, start)"
                + " JOIN " + table.name() + " w ON w.series_id = wanted.series_id"
                + " AND w.window_start = to_timestamp(wanted.start)"
                // Bounds that the planner sees: only the partitions between them are opened.
                + " WHERE w.window_start >= ? AND w.window_start <= ?")) {
            LongSummaryStatistics starts =
                    windows.stream().mapToLong(Position::startMs).summaryStatistics();
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "int8", windows.stream().map(Position::seriesId).toArray()));
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "int8",
                            windows.stream()
                                    .map(window -> window.startMs() / 1_000)
                                    .toArray()));
            statement.setObject(3, Columns.time(starts.getMin()));
            statement.setObject(4, Columns.time(starts.getMax()));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.put(position(rows), WindowColumns.values(rows));
                }
            }
        }
        return found;
    }

    /** How many rows each of these series has in this time; no entry for one without. */
    static Map<Long, Long> count(Connection connection, WindowTable table, Collection<Long> series, Span span)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT series_id, count(*) FROM "
                + table.name() + " WHERE series_id = ANY(?) AND window_start >= ? AND window_start < ?"
                + " GROUP BY series_id")) {
            set(connection, statement, series, span);
            Map<Long, Long> counts = new HashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    counts.put(rows.getLong(1), rows.getLong(2));
                }
            }
            return counts;
        }
    }

    /** The first rows of a series in this time whose start is wanted, and no more of them than {@code most}. */
    static List<Position> starts(
            Connection connection, WindowTable table, long series, Span span, LongPredicate wanted, int most)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT series_id, window_start FROM "
                + table.name() + " WHERE series_id = ANY(?) AND window_start >= ? AND window_start < ?"
                + " ORDER BY window_start")) {
            statement.setFetchSize(FETCH_SIZE);
            set(connection, statement, List.of(series), span);
            List<Position> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (found.size() < most && rows.next()) {
                    Position position = position(rows);
                    if (wanted.test(position.startMs())) {
                        found.add(position);
                    }
                }
            }
            return found;
        }
    }

    private static void set(Connection connection, PreparedStatement statement, Collection<Long> series, Span span)
            throws SQLException {
        statement.setArray(1, connection.createArrayOf("int8", series.toArray()));
        statement.setObject(2, Columns.time(span.fromMs()));
        statement.setObject(3, Columns.time(span.toMs()));
    }

    private static Position position(ResultSet rows) throws SQLException {
        return new Position(
                rows.getLong("series_id"), Columns.epochMs(rows.getObject("window_start", OffsetDateTime.class)));
    }
}
