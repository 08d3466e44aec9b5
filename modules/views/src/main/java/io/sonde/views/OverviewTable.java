package io.sonde.views;

import io.sonde.core.ClosedWindowsFormat;
import io.sonde.core.Distribution;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** {@code overview}: all series of a tenant and kind together, by minute, hour and day. */
final class OverviewTable {
    private static final List<String> KEY = List.of("tenant", "kind", "resolution", "window_start");
    private static final List<String> VALUES = List.of(
            "windows",
            "success",
            "errors",
            "scored",
            "score_sum",
            "counts",
            "mins",
            "maxs",
            "p50s",
            "p95s",
            "summary",
            "reasons",
            "series");
    private static final String UPSERT = "INSERT INTO overview (" + String.join(", ", KEY) + ", "
            + String.join(", ", VALUES) + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?)"
            + " ON CONFLICT (" + String.join(", ", KEY) + ") DO UPDATE SET "
            + String.join(
                    ", ",
                    VALUES.stream()
                            .map(column -> column + " = excluded." + column)
                            .toList());
    private static final String SELECT = "SELECT * FROM overview WHERE tenant = ? AND kind = ? AND resolution = ?"
            + " AND window_start >= ? AND window_start < ? ORDER BY window_start";
    /** A row takes some kilobytes. */
    private static final int FETCH_SIZE = 200;

    private OverviewTable() {}

    /** In the order of time. */
    static List<OverviewRow> rows(Connection connection, TenantKind of, Resolution resolution, long fromMs, long toMs)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SELECT)) {
            statement.setFetchSize(FETCH_SIZE);
            statement.setString(1, of.tenant());
            statement.setString(2, of.kind());
            statement.setString(3, resolution.code());
            statement.setObject(4, Columns.time(fromMs));
            statement.setObject(5, Columns.time(toMs));
            List<OverviewRow> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(row(rows));
                }
            }
            return found;
        }
    }

    /** Replaces what is there. */
    static void upsert(Connection connection, TenantKind of, Resolution resolution, Collection<OverviewRow> rows)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(UPSERT)) {
            for (OverviewRow row : rows) {
                statement.setString(1, of.tenant());
                statement.setString(2, of.kind());
                statement.setString(3, resolution.code());
                statement.setObject(4, Columns.time(row.startMs()));
                set(connection, statement, row);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private static void set(Connection connection, PreparedStatement statement, OverviewRow row) throws SQLException {
        List<Distribution> measures = row.measures();
        statement.setLong(5, row.windows());
        statement.setLong(6, row.success());
        statement.setArray(7, connection.createArrayOf("int8", row.errors().toArray()));
        statement.setLong(8, row.scored());
        statement.setLong(9, row.scoreSum());
        statement.setArray(
                10,
                connection.createArrayOf(
                        "int8", measures.stream().map(Distribution::count).toArray()));
        statement.setArray(11, connection.createArrayOf("float8", Columns.numbers(measures, Distribution::min)));
        statement.setArray(12, connection.createArrayOf("float8", Columns.numbers(measures, Distribution::max)));
        statement.setArray(13, connection.createArrayOf("float8", Columns.numbers(measures, Distribution::p50)));
        statement.setArray(14, connection.createArrayOf("float8", Columns.numbers(measures, Distribution::p95)));
        statement.setBytes(15, ClosedWindowsFormat.writeSummaries(measures));
        statement.setString(16, row.reasons().isEmpty() ? null : JsonColumn.ofCounts(row.reasons()));
        statement.setBytes(17, row.series().toBytes());
    }

    private static OverviewRow row(ResultSet rows) throws SQLException {
        String reasons = rows.getString("reasons");
        return new OverviewRow(
                Columns.epochMs(rows.getObject("window_start", OffsetDateTime.class)),
                rows.getLong("windows"),
                rows.getLong("success"),
                WindowColumns.counts(rows, "errors"),
                reasons == null ? Map.of() : JsonColumn.counts(reasons),
                rows.getLong("scored"),
                rows.getLong("score_sum"),
                WindowColumns.measures(rows),
                SeriesSet.read(rows.getBytes("series")));
    }
}
