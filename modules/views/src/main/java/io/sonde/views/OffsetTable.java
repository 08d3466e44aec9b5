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

    private static final String OLDEST_NOT_COPIED =
            """
            SELECT min(next.write_timestamp)
            FROM generate_series(0, ?) slice
            LEFT JOIN projection_offset_store copied
                   ON copied.projection_name = ? AND copied.projection_key = 'slice-' || lpad(slice::text, 2, '0')
            CROSS JOIN LATERAL (
                SELECT write_timestamp FROM diagnosis_event
                WHERE %s = slice
                  AND (xid, ordering) > (coalesce(split_part(copied.current_offset, '/', 1), '0')::xid8,
                                         coalesce(split_part(copied.current_offset, '/', 2), '0')::bigint)
                ORDER BY xid, ordering LIMIT 1) next
            """
                    .formatted(Slices.OF_ROW);

    private OffsetTable() {}

    /** When the oldest row that was not copied was written, epoch ms; 0 when all were. */
    static long oldestNotCopiedMs(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(OLDEST_NOT_COPIED)) {
            statement.setInt(1, Slices.COUNT - 1);
            statement.setString(2, WindowProjection.NAME);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

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
