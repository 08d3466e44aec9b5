package io.sonde.app.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Events of the samples' journal that lie before their entity's snapshot, found where they lie: by page of the table. */
final class ReplacedEventsTable {
    private static final String PAGES =
            "SELECT pg_relation_size('windows_event') / current_setting('block_size')::bigint";

    /** Pages stand in the text: PostgreSQL is to plan for as many as there are. */
    private static final String DELETE =
            """
            DELETE FROM windows_event WHERE ctid = ANY (ARRAY (
                SELECT event.ctid FROM windows_event event JOIN windows_snapshot snapshot USING (persistence_id)
                WHERE event.ctid >= '(%d,0)'::tid AND event.ctid < '(%d,0)'::tid
                  AND event.sequence_number < snapshot.sequence_number))
            """;

    private ReplacedEventsTable() {}

    static long pages(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PAGES);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** A snapshot's own event stays, so that the journal knows its highest number. */
    static void delete(Connection connection, long fromPage, long toPage) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DELETE.formatted(fromPage, toPage))) {
            statement.executeUpdate();
        }
    }
}
