package io.sonde.views;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;

/** What a rebuild asks of the database: emptiness, and how far it is. */
final class RebuildStore {
    private final DataSource dataSource;

    RebuildStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    private static final String EVERYTHING =
            "TRUNCATE window_1m, window_1h, window_1d, window_tail, rollup_due, overview, overview_due, source, incident";
    private static final String SERIES_TIMES =
            """
            UPDATE series s SET
                first_window = CASE WHEN first_window < from_at THEN first_window ELSE 'infinity' END,
                last_window = CASE WHEN last_window < from_at THEN last_window
                    ELSE coalesce((SELECT max(w.window_start) FROM window_1m w WHERE w.series_id = s.series_id), '-infinity')
                    END
            FROM (SELECT ?::timestamptz AS from_at) given
            """;

    /**
     * What the journal does not cover any more stays as it is, and what was made of minutes that were deleted since. Problems
     * are copied again by the next node. Series keep their numbers, so that a node which remembers one does not write for a
     * series that is gone.
     *
     * @return from when on windows are gone, a whole day; empty for all of them
     */
    Optional<Instant> empty() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            Optional<Instant> from = Stream.of(KeptFromTable.windows(connection), KeptFromTable.minutes(connection))
                    .flatMap(Optional::stream)
                    .max(Comparator.naturalOrder())
                    .map(RebuildStore::nextDay);
            if (from.isPresent()) {
                empty(connection, from.get());
            } else {
                statement.execute(EVERYTHING);
                statement.execute("UPDATE series SET first_window = 'infinity', last_window = '-infinity'");
                statement.execute("DELETE FROM kept_from WHERE what = 'overview'");
            }
            if (!KeptFromTable.isTrimmedOfProblems(connection)) {
                statement.execute("TRUNCATE problem, delivery, silence");
            }
            if (JournalTable.isForeign(connection)) {
                JournalTable.adopt(connection);
            }
            OffsetTable.forget(connection);
            connection.commit();
            return from;
        }
    }

    private static void empty(Connection connection, Instant from) throws SQLException {
        for (String table : List.of(
                "window_1m", "window_1h", "window_1d", "window_tail", "rollup_due", "overview", "overview_due")) {
            execute(connection, "DELETE FROM " + table + " WHERE window_start >= ?", from);
        }
        execute(connection, "DELETE FROM incident WHERE onset >= ?", from);
        execute(connection, SERIES_TIMES, from);
    }

    private static void execute(Connection connection, String sql, Instant from) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, from.atOffset(ZoneOffset.UTC));
            statement.executeUpdate();
        }
    }

    private static Instant nextDay(Instant at) {
        Instant day = at.truncatedTo(ChronoUnit.DAYS);
        return day.equals(at) ? day : day.plus(1, ChronoUnit.DAYS);
    }

    /** The last row that the journal holds of each slice; no entry for a slice without rows. */
    Map<Integer, JournalOffset> ends() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return JournalTable.ends(connection);
        }
    }

    boolean copiedUpTo(Map<Integer, JournalOffset> ends) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return OffsetTable.haveReached(connection, ends);
        }
    }
}
