package io.sonde.upkeep;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;

/** {@code kept_from}: since when there is everything of something. */
final class KeptFromTable {
    private static final String ADVANCE = "INSERT INTO kept_from (what, at) VALUES (?, ?)"
            + " ON CONFLICT (what) DO UPDATE SET at = excluded.at WHERE kept_from.at < excluded.at";

    private KeptFromTable() {}

    /** To be called in the transaction that removes something older; never goes back. */
    static void advance(Connection connection, String what, Instant at) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ADVANCE)) {
            statement.setString(1, what);
            statement.setObject(2, at.atOffset(ZoneOffset.UTC));
            statement.executeUpdate();
        }
    }
}
