package io.sonde.upkeep;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** Deletes windows of a day that are too old, series by series: their only index begins with the series. */
record OldDaysTable(Duration keep, int batch, Pause pause) implements Chore {
    private static final String SERIES = "SELECT coalesce(array_agg(series_id), '{}'), max(series_id) FROM"
            + " (SELECT series_id FROM series WHERE series_id > ? ORDER BY series_id LIMIT ?) page";
    private static final String COUNT = "SELECT count(*), coalesce(sum(pg_column_size(d.*)), 0) FROM window_1d d"
            + " WHERE series_id = ANY(?) AND window_start < ?";
    private static final String DELETE = "WITH gone AS (DELETE FROM window_1d d WHERE series_id = ANY(?)"
            + " AND window_start < ? RETURNING pg_column_size(d.*) AS size)"
            + " SELECT count(*), coalesce(sum(size), 0) FROM gone";

    @Override
    public String what() {
        return "old-days";
    }

    @Override
    public Work look(Connection connection, Instant now) throws SQLException {
        return work(connection, COUNT, now, new Pause(Duration.ZERO));
    }

    @Override
    public Work work(Connection connection, Instant now) throws SQLException {
        return work(connection, DELETE, now, pause);
    }

    private Work work(Connection connection, String sql, Instant now, Pause after) throws SQLException {
        Instant before = now.minus(keep).truncatedTo(ChronoUnit.DAYS);
        Work all = Work.NONE;
        try (PreparedStatement series = connection.prepareStatement(SERIES)) {
            series.setInt(2, batch);
            long last = Long.MIN_VALUE;
            while (true) {
                series.setLong(1, last);
                try (ResultSet row = series.executeQuery()) {
                    row.next();
                    last = row.getLong(2);
                    if (row.wasNull()) {
                        return all;
                    }
                    Work more = work(connection, sql, row.getArray(1), before);
                    all = all.and(more);
                    if (!more.isNone()) {
                        after.take();
                    }
                }
            }
        }
    }

    private static Work work(Connection connection, String sql, Array series, Instant before) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, series);
            statement.setObject(2, before.atOffset(ZoneOffset.UTC));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return Work.rows(row.getLong(1), row.getLong(2));
            }
        }
    }
}
