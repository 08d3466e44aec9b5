package io.sonde.views;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/** The windows of one table, and those that are still due, in the order of pages. */
final class PageTable {
    private static final String NOT_DUE = "NOT EXISTS (SELECT 1 FROM rollup_due d WHERE d.series_id = w.series_id"
            + " AND d.resolution = ? AND d.window_start >= w.window_start AND d.window_start < w.window_start + ?::interval)";

    private PageTable() {}

    /** Rows of the table that are up to date. */
    static List<WindowRow> rows(Connection connection, WindowTable table, WindowQuery query, int limit)
            throws SQLException {
        Conditions where = bounds(query, "w.series_id", "w.window_start");
        if (table != WindowTable.MINUTES) {
            where.and(
                    NOT_DUE,
                    Conditions.text(Resolution.HOUR.code()),
                    Conditions.text(table == WindowTable.HOURS ? "1 hour" : "1 day"));
        }
        if (table == WindowTable.DAYS) {
            where.and(NOT_DUE, Conditions.text(Resolution.DAY.code()), Conditions.text("1 day"));
        }
        try (PreparedStatement statement = connection.prepareStatement(select(table, where))) {
            statement.setInt(where.set(statement), limit);
            return WindowColumns.query(statement);
        }
    }

    static String select(WindowTable table, Conditions where) {
        return "SELECT " + WindowColumns.LIST + " FROM series s JOIN " + table.name()
                + " w ON w.series_id = s.series_id" + where.sql() + " ORDER BY s.series_id, w.window_start LIMIT ?";
    }

    /** Windows of the query's resolution, an hour or a day, that have to be made of their parts. */
    static List<Position> due(Connection connection, WindowQuery query, int limit) throws SQLException {
        String start =
                query.resolution() == Resolution.DAY ? "date_trunc('day', d.window_start, 'UTC')" : "d.window_start";
        Conditions where = bounds(query, "d.series_id", start);
        if (query.resolution() != Resolution.DAY) {
            where.and("d.resolution = ?", Conditions.text(Resolution.HOUR.code()));
        }
        String sql = "SELECT DISTINCT s.series_id, " + start
                + " FROM series s JOIN rollup_due d ON d.series_id = s.series_id" + where.sql()
                + " ORDER BY 1, 2 LIMIT ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(where.set(statement), limit);
            return positions(statement);
        }
    }

    /** Which hours of these days are due. */
    static List<Position> dueHours(Connection connection, List<Position> days) throws SQLException {
        String sql =
                "SELECT d.series_id, d.window_start FROM unnest(?::bigint[], ?::bigint[]) AS day (series_id, start)"
                        + " JOIN rollup_due d ON d.resolution = '1h' AND d.series_id = day.series_id"
                        + " AND d.window_start >= to_timestamp(day.start)"
                        + " AND d.window_start < to_timestamp(day.start) + INTERVAL '24 hours'";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "int8", days.stream().map(Position::seriesId).toArray(Long[]::new)));
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "int8",
                            days.stream().map(day -> day.startMs() / 1_000).toArray(Long[]::new)));
            return positions(statement);
        }
    }

    /** The position on the columns of one table: its key then leads straight to where the page begins. */
    static Conditions bounds(WindowQuery query, String seriesId, String start) {
        Conditions where = Conditions.on(query.series())
                .and(start + " >= ?", Conditions.time(query.fromMs()))
                .and(start + " < ?", Conditions.time(query.toMs()));
        Position after = query.after();
        if (after != null) {
            // The whole of a window lies behind its position, also where it is made of several rows.
            long lastMs = after.startMs() + query.resolution().lengthMs() - 1;
            where.and("s.series_id >= ?", Conditions.number(after.seriesId()))
                    .and(
                            "(" + seriesId + ", " + start + ") > (?, ?)",
                            Conditions.number(after.seriesId()),
                            Conditions.time(lastMs));
        }
        return where;
    }

    private static List<Position> positions(PreparedStatement statement) throws SQLException {
        List<Position> found = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                found.add(new Position(rows.getLong(1), Columns.epochMs(rows.getObject(2, OffsetDateTime.class))));
            }
        }
        return found;
    }
}
