package io.sonde.views;

import io.sonde.core.WindowAggregate;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is stored of single series, for whoever judges it again. */
final class HistoryStore {
    private static final String SAMPLE =
            """
            SELECT s.series_id, s.source, s.target, count(*) OVER () FROM series s
            WHERE s.tenant = ? AND s.kind = ? AND s.last_window >= ? AND s.last_window > '-infinity'
            ORDER BY hashint8(s.series_id), s.series_id LIMIT ?""";
    private static final String MINUTES = "SELECT " + WindowColumns.LIST
            + " FROM series s JOIN window_1m w ON w.series_id = s.series_id"
            + " WHERE s.series_id = ? AND w.window_start >= ? AND w.window_start < ? ORDER BY w.window_start LIMIT ?";
    private static final String HOURS = "SELECT w.window_start, w.p50s, w.p95s FROM window_1h w"
            + " WHERE w.series_id = ? AND w.window_start >= ? AND w.window_start < ?";

    private HistoryStore() {}

    record SampleQuery(String tenant, String kind, long sinceMs, int most) {}

    record Wanted(long seriesId, Span span, int most) {}

    static History.Sample sample(Connection connection, SampleQuery query) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SAMPLE)) {
            statement.setString(1, query.tenant());
            statement.setString(2, query.kind());
            statement.setObject(3, Columns.time(query.sinceMs()));
            statement.setInt(4, query.most());
            List<History.Of> series = new ArrayList<>();
            long of = 0;
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    series.add(new History.Of(rows.getLong(1), rows.getString(2), rows.getString(3)));
                    of = rows.getLong(4);
                }
            }
            return new History.Sample(series, of);
        }
    }

    static History history(Connection connection, Wanted wanted) throws SQLException {
        return new History(minutes(connection, wanted), hours(connection, wanted));
    }

    private static List<WindowAggregate> minutes(Connection connection, Wanted wanted) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(MINUTES)) {
            set(
                    statement,
                    wanted.seriesId(),
                    wanted.span().fromMs(),
                    wanted.span().toMs());
            statement.setInt(4, wanted.most());
            return WindowColumns.query(statement).stream()
                    .map(WindowRow::aggregate)
                    .toList();
        }
    }

    private static Map<Long, double[]> hours(Connection connection, Wanted wanted) throws SQLException {
        long days = Duration.ofDays(History.DAYS + 1L).toMillis();
        try (PreparedStatement statement = connection.prepareStatement(HOURS)) {
            set(
                    statement,
                    wanted.seriesId(),
                    wanted.span().fromMs() - days,
                    wanted.span().toMs());
            Map<Long, double[]> hours = new HashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    hours.put(
                            Columns.epochMs(rows.getObject(1, OffsetDateTime.class)),
                            UsualHoursStore.numbers(
                                    WindowColumns.numbers(rows, "p50s"), WindowColumns.numbers(rows, "p95s")));
                }
            }
            return hours;
        }
    }

    private static void set(PreparedStatement statement, long series, long fromMs, long toMs) throws SQLException {
        statement.setLong(1, series);
        statement.setObject(2, Columns.time(fromMs));
        statement.setObject(3, Columns.time(toMs));
    }
}
