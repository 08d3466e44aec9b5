package io.sonde.views;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** How far the projections have copied the journal of closed windows. */
final class OffsetTable {
    private static final String ALL =
            "SELECT right(projection_key, 2)::int, current_offset FROM projection_offset_store"
                    + " WHERE projection_name = ?";
    private static final String FORGET = "DELETE FROM projection_offset_store WHERE projection_name = ANY(?)";

    private OffsetTable() {}

    /** By slice; no entry where a projection has not begun. */
    static Map<Integer, JournalOffset> all(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ALL)) {
            statement.setString(1, WindowProjection.NAME);
            Map<Integer, JournalOffset> offsets = new HashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    offsets.put(rows.getInt(1), JournalOffset.parse(rows.getString(2)));
                }
            }
            return offsets;
        }
    }

    static boolean haveReached(Connection connection, Map<Integer, JournalOffset> ends) throws SQLException {
        Map<Integer, JournalOffset> offsets = all(connection);
        return ends.entrySet().stream()
                .allMatch(end ->
                        offsets.getOrDefault(end.getKey(), JournalOffset.START).compareTo(end.getValue()) >= 0);
    }

    static void forget(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FORGET)) {
            statement.setArray(
                    1, connection.createArrayOf("text", new Object[] {WindowProjection.NAME, ProblemProjection.NAME}));
            statement.executeUpdate();
        }
    }
}
