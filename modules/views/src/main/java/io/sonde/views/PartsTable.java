package io.sonde.views;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/** The windows of a table that lie within given longer ones. */
final class PartsTable {
    private PartsTable() {}

    static List<WindowRow> within(
            Connection connection, WindowTable parts, Resolution whole, Collection<Position> wholes)
            throws SQLException {
        if (wholes.isEmpty()) {
            return List.of();
        }
        List<Long> starts = wholes.stream().map(Position::startMs).toList();
        try (PreparedStatement statement = connection.prepareStatement("SELECT " + WindowColumns.LIST
                + " FROM unnest(?::bigint[], ?::bigint[]) AS whole (series_id, start)"
                + " JOIN " + parts.name() + " w ON w.series_id = whole.series_id"
                + " AND w.window_start >= to_timestamp(whole.start)"
                + " AND w.window_start < to_timestamp(whole.start + ?)"
                + " JOIN series s ON s.series_id = w.series_id"
                // Bounds that the planner sees: only the partitions between them are opened.
                + " WHERE w.window_start >= ? AND w.window_start < ?"
                + " ORDER BY w.series_id, w.window_start")) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "int8", wholes.stream().map(Position::seriesId).toArray(Long[]::new)));
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "int8", starts.stream().map(ms -> ms / 1_000).toArray(Long[]::new)));
            statement.setLong(3, whole.lengthMs() / 1_000);
            statement.setObject(4, Columns.time(Collections.min(starts)));
            statement.setObject(5, Columns.time(Collections.max(starts) + whole.lengthMs()));
            return WindowColumns.query(statement);
        }
    }
}
