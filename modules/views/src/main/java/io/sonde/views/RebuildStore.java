package io.sonde.views;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** What a rebuild asks of the database: emptiness, and how far it is. */
final class RebuildStore {
    private final DataSource dataSource;

    RebuildStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Series keep their numbers, so that a node which remembers one does not write for a series that is gone. */
    void empty() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("TRUNCATE window_1m, window_1h, window_1d, rollup_due, source");
            statement.execute("UPDATE series SET first_window = 'infinity', last_window = '-infinity'");
            try (PreparedStatement offsets =
                    connection.prepareStatement("DELETE FROM projection_offset_store WHERE projection_name = ?")) {
                offsets.setString(1, WindowProjection.NAME);
                offsets.executeUpdate();
            }
            connection.commit();
        }
    }

    /** The last event the journal holds of each tag; no entry for a tag without events. */
    Map<String, Long> ends(List<String> tags) throws SQLException {
        return numbers(
                "SELECT t.tag, max(e.ordering) FROM diagnosis_tag t"
                        + " JOIN diagnosis_event e ON e.ordering = t.event_id"
                        + " WHERE t.tag = ANY(?) AND NOT e.deleted GROUP BY t.tag",
                tags);
    }

    /** How far the projection of each tag is; no entry where it has not begun. */
    Map<String, Long> offsets(List<String> tags) throws SQLException {
        return numbers(
                "SELECT projection_key, current_offset::bigint FROM projection_offset_store"
                        + " WHERE projection_key = ANY(?) AND projection_name = '" + WindowProjection.NAME + "'",
                tags);
    }

    private Map<String, Long> numbers(String sql, List<String> tags) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("text", tags.toArray(String[]::new)));
            Map<String, Long> found = new HashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.put(rows.getString(1), rows.getLong(2));
                }
            }
            return found;
        }
    }
}
