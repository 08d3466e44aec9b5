package io.sonde.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationVersion;
import org.junit.jupiter.api.Test;

/** A database from before the journal was followed by transaction. */
class JournalUpgradeIT {
    private final PostgresServer.Database database = PostgresServer.shared().newEmptyDatabase();

    @Test
    void whatWasNotCopiedBeforeTheUpgradeIsCopiedAfterIt() throws SQLException {
        migrateTo("3");
        execute("INSERT INTO diagnosis_event (persistence_id, sequence_number, writer, event_ser_id,"
                + " event_ser_manifest, event_payload)"
                + " SELECT 'source-' || n % 5, n, 'w', 1, 'D', '\\x00' FROM generate_series(1, 100) n");
        execute("INSERT INTO diagnosis_tag SELECT ordering, 'windows-0' || ordering % 5 FROM diagnosis_event");
        execute("INSERT INTO projection_offset_store SELECT 'windows', 'windows-0' || n, (90 - n * 5)::text, 'SEQ',"
                + " FALSE, 0 FROM generate_series(0, 3) n");

        migrateTo("latest");

        assertThat(rows("SELECT count(*), max(xid::text) = min(xid::text) FROM diagnosis_event"))
                .containsExactly("100 | t");
        assertThat(rows("SELECT projection_key, split_part(current_offset, '/', 2), manifest"
                        + " FROM projection_offset_store ORDER BY 1"))
                .as("nobody had copied what was tagged windows-04: ordering 4 is the first")
                .hasSize(16)
                .first()
                .isEqualTo("slice-00 | 3 | STR");
        assertThat(rows("SELECT count(*) FROM diagnosis_event, projection_offset_store"
                        + " WHERE xid::text <> split_part(current_offset, '/', 1)"))
                .containsExactly("0");
    }

    @Test
    void whatWasCopiedBeforeTheUpgradeIsNotCopiedAgain() throws SQLException {
        migrateTo("3");
        execute("INSERT INTO diagnosis_event (persistence_id, sequence_number, writer, event_ser_id,"
                + " event_ser_manifest, event_payload) VALUES ('one', 1, 'w', 1, 'D', '\\x00')");
        execute("INSERT INTO diagnosis_tag VALUES (1, 'windows-07')");
        execute("INSERT INTO projection_offset_store VALUES ('windows', 'windows-07', '1', 'SEQ', FALSE, 0)");

        migrateTo("latest");

        try (Connection connection = database.dataSource().getConnection()) {
            assertThat(JournalTable.ends(connection).values())
                    .allSatisfy(end -> assertThat(OffsetTable.all(connection)).containsValue(end));
            assertThat(JournalTable.isForeign(connection)).isFalse();
        }
    }

    @Test
    void anEmptyDatabaseHasNoOffsets() throws SQLException {
        migrateTo("latest");

        assertThat(rows("SELECT * FROM projection_offset_store")).isEmpty();
    }

    private void migrateTo(String version) {
        Flyway.configure()
                .dataSource(database.dataSource())
                .target(MigrationVersion.fromVersion(version))
                .load()
                .migrate();
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> rows(String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (found.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                    row.add(found.getString(i));
                }
                rows.add(String.join(" | ", row));
            }
            return rows;
        }
    }
}
