package io.sonde.views;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** The newest minute of each series; which ones those are, the series say themselves. */
final class LastWindowTable {
    private static final String WHICH = " FROM series s WHERE s.tenant = ? AND s.kind = ? AND s.last_window >= ?";
    private static final String COUNT = "SELECT count(*)" + WHICH;
    private static final String ROWS = "SELECT " + WindowColumns.LIST
            + " FROM (SELECT s.*" + WHICH + " ORDER BY s.series_id LIMIT ?) s"
            + " JOIN window_1m w ON w.series_id = s.series_id AND w.window_start = s.last_window"
            // A bound that the planner sees: the months before are not opened.
            + " WHERE w.window_start >= ? ORDER BY s.series_id";

    private LastWindowTable() {}

    static LastWindows last(Connection connection, LastQuery query) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ROWS)) {
            set(statement, query);
            statement.setInt(4, query.limit());
            statement.setObject(5, Columns.time(query.sinceMs()));
            List<WindowRow> rows = WindowColumns.query(statement);
            long leftOut = rows.size() < query.limit() ? 0 : count(connection, query) - rows.size();
            return new LastWindows(rows, Math.max(0, leftOut));
        }
    }

    private static long count(Connection connection, LastQuery query) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(COUNT)) {
            set(statement, query);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static void set(PreparedStatement statement, LastQuery query) throws SQLException {
        statement.setString(1, query.tenant());
        statement.setString(2, query.kind());
        statement.setObject(3, Columns.time(query.sinceMs()));
    }
}
