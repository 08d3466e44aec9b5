package io.sonde.views;

import io.sonde.core.SourceId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The sources that the journal of open windows knows: all that ever had an event counted, the first minute included. */
final class JournalledSourceTable {
    private static final String KNOWN = "SELECT EXISTS (SELECT 1 FROM windows_event WHERE persistence_id = ?)";

    private JournalledSourceTable() {}

    static boolean knows(Connection connection, SourceId source) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(KNOWN)) {
            statement.setString(1, source.entityId());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }
}
