package io.sonde.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;

/** Windows of the past, made of one that each series really has: the same row at another time. */
final class HistoryTable implements AutoCloseable {
    private static final String COLUMNS =
            "revision, success, errors, counts, mins, maxs, p50s, p95s, summary, reasons, label";
    private static final List<String> PATTERNS = List.of(
            "CREATE TEMPORARY TABLE pattern AS SELECT DISTINCT ON (series_id) series_id, " + COLUMNS
                    + " FROM window_1m ORDER BY series_id, window_start",
            "CREATE TEMPORARY TABLE tail_pattern AS SELECT DISTINCT ON (tenant, kind, measure, number)"
                    + " tenant, kind, measure, tails FROM window_tail"
                    + " WHERE window_start = (SELECT min(window_start) FROM window_tail)");
    private static final String OVERVIEW_PATTERN = "CREATE TEMPORARY TABLE overview_pattern AS SELECT * FROM overview"
            + " WHERE resolution = '1m' ORDER BY windows DESC LIMIT 1";
    private static final String ROW = "INSERT INTO %s (series_id, window_start, updated_at, " + COLUMNS
            + ") SELECT series_id, ?, now(), " + COLUMNS + " FROM pattern ON CONFLICT DO NOTHING";
    private static final String TAIL = "INSERT INTO window_tail (tenant, kind, measure, window_start, tails)"
            + " SELECT tenant, kind, measure, ?, tails FROM tail_pattern";
    private static final String OVERVIEW = "INSERT INTO overview (tenant, kind, resolution, window_start, windows,"
            + " success, errors, scored, score_sum, counts, mins, maxs, p50s, p95s, summary, reasons, series)"
            + " SELECT tenant, kind, '%s', ?, windows, success, errors, scored, score_sum, counts, mins, maxs, p50s,"
            + " p95s, summary, reasons, series FROM overview_pattern ON CONFLICT DO NOTHING";
    private static final String KNOWN_SINCE = "UPDATE series SET first_window = least(first_window, ?)";
    private static final String MONTH = "SELECT ensure_window_partition(?)";

    private final Connection connection;

    HistoryTable(DataSource database) throws SQLException {
        connection = database.getConnection();
        try (Statement statement = connection.createStatement()) {
            for (String pattern : PATTERNS) {
                statement.execute(pattern);
            }
        }
    }

    /** Since when there are series. */
    void begin(Instant first) throws SQLException {
        at(KNOWN_SINCE, first);
    }

    /** Whether there is an overview of a minute, of which those of the past can be made. */
    boolean hasOverview() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS overview_pattern");
            return statement.executeUpdate(OVERVIEW_PATTERN) > 0;
        }
    }

    /** All series together; of the minutes, too, whose windows are not all there. */
    void overview(String resolution, Instant start) throws SQLException {
        at(OVERVIEW.formatted(resolution), start);
    }

    /** How many rows: one for each series. */
    long minute(Instant start) throws SQLException {
        at(MONTH, start);
        at(TAIL, start);
        return at(ROW.formatted("window_1m"), start);
    }

    long hour(Instant start) throws SQLException {
        at(MONTH, start);
        return at(ROW.formatted("window_1h"), start);
    }

    long day(Instant start) throws SQLException {
        return at(ROW.formatted("window_1d"), start);
    }

    /** As the tables will be when nothing has been written for a while. */
    void settle() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("VACUUM ANALYZE");
        }
    }

    private long at(String sql, Instant time) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setTimestamp(1, Timestamp.from(time));
            return statement.execute() ? 0 : statement.getUpdateCount();
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
