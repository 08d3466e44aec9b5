package io.sonde.views;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/** {@code kept_from}: what the journals still say of everything. Upkeep trims them. */
final class KeptFromTable {
    /** A window is journalled after it ended; what a node's clock may be wrong by is far less than this. */
    private static final Duration JOURNALLED_WITHIN = Duration.ofHours(1);

    private static final String FIND = "SELECT at FROM kept_from WHERE what = ?";

    private KeptFromTable() {}

    /** All there ever was of windows that start then or later is in their journal; empty when that holds for all. */
    static Optional<Instant> windows(Connection connection) throws SQLException {
        return find(connection, "diagnosis").map(at -> at.plus(JOURNALLED_WITHIN));
    }

    /** Minutes before then were deleted and cannot be made again; empty when none were. */
    static Optional<Instant> minutes(Connection connection) throws SQLException {
        return find(connection, "window_1m");
    }

    /** Tails of minutes before then were deleted, or there never were any; empty when there are all. */
    static Optional<Instant> tails(Connection connection) throws SQLException {
        return find(connection, "window_tail");
    }

    /** Of minutes before then there is no overview, of any resolution; empty when there are all. */
    static Optional<Instant> overview(Connection connection) throws SQLException {
        return find(connection, "overview");
    }

    /** Overviews of single minutes before then were deleted; empty when none were. */
    static Optional<Instant> overviewMinutes(Connection connection) throws SQLException {
        return find(connection, "overview_1m");
    }

    /** Whether the journal of problems has lost its beginning. */
    static boolean isTrimmedOfProblems(Connection connection) throws SQLException {
        return find(connection, "problem").isPresent();
    }

    private static Optional<Instant> find(Connection connection, String what) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setString(1, what);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(row.getObject(1, OffsetDateTime.class).toInstant())
                        : Optional.empty();
            }
        }
    }
}
