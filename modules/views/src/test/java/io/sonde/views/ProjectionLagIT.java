package io.sonde.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProjectionLagIT {
    private static final long NOW_MS = 1_800_000_000_000L;

    @Test
    void theOldestRowThatWasNotCopiedSaysHowFarTheProjectionsAreBehind() throws Exception {
        try (Connection connection =
                PostgresServer.shared().newDatabase().dataSource().getConnection()) {
            Duration empty = WindowProjection.behind(connection, NOW_MS);
            for (int source = 0; source < 50; source++) {
                journal(connection, "source-" + source, NOW_MS - 5_000 + source);
            }
            Duration none = WindowProjection.behind(connection, NOW_MS);
            copyAll(connection);
            Duration all = WindowProjection.behind(connection, NOW_MS);
            journal(connection, "source-7x", NOW_MS - 100);
            Duration one = WindowProjection.behind(connection, NOW_MS);

            assertThat(empty).isZero();
            assertThat(none).isEqualTo(Duration.ofSeconds(5));
            assertThat(all).isZero();
            assertThat(one).isEqualTo(Duration.ofMillis(100));
        }
    }

    private static void journal(Connection connection, String source, long ms) throws Exception {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO diagnosis_event (persistence_id, sequence_number, writer, write_timestamp, event_ser_id,"
                        + " event_ser_manifest, event_payload) VALUES (?, 1, '', ?, 0, '', '')")) {
            insert.setString(1, source);
            insert.setLong(2, ms);
            insert.executeUpdate();
        }
    }

    private static void copyAll(Connection connection) throws Exception {
        try (Statement statement = connection.createStatement()) {
            statement.execute("DELETE FROM projection_offset_store");
            statement.execute(
                    "INSERT INTO projection_offset_store SELECT DISTINCT ON (" + Slices.OF_ROW + ") 'windows',"
                            + " 'slice-' || lpad((" + Slices.OF_ROW
                            + ")::text, 2, '0'), xid || '/' || ordering, 'STR', FALSE, 0"
                            + " FROM diagnosis_event ORDER BY " + Slices.OF_ROW + ", xid DESC, ordering DESC");
        }
    }
}
