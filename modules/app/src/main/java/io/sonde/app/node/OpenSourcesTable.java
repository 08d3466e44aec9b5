package io.sonde.app.node;

import io.sonde.windows.ShardedWindows;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** The sources that the journal of open windows knows, seen by their last event. */
final class OpenSourcesTable {
    /** Hops over the primary key from source to source, instead of reading every event. */
    private static final String SILENT_WITH_OPEN_WINDOWS =
            """
            WITH RECURSIVE source AS (
                (SELECT persistence_id FROM windows_event ORDER BY persistence_id LIMIT 1)
                UNION ALL
                SELECT (SELECT next.persistence_id FROM windows_event next
                        WHERE next.persistence_id > source.persistence_id ORDER BY next.persistence_id LIMIT 1)
                FROM source WHERE source.persistence_id IS NOT NULL)
            SELECT source.persistence_id
            FROM source
            CROSS JOIN LATERAL (SELECT event_ser_manifest, write_timestamp FROM windows_event
                                WHERE persistence_id = source.persistence_id
                                ORDER BY sequence_number DESC LIMIT 1) last
            WHERE last.event_ser_manifest <> ? AND last.write_timestamp < ?
            """;

    private final DataSource dataSource;

    OpenSourcesTable(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** The entity ids of sources that left windows open and have written nothing since {@code beforeMs}. */
    List<String> silentSince(long beforeMs) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(SILENT_WITH_OPEN_WINDOWS)) {
            statement.setString(1, ShardedWindows.NONE_OPEN_MANIFEST);
            statement.setLong(2, beforeMs);
            List<String> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
            return found;
        }
    }
}
