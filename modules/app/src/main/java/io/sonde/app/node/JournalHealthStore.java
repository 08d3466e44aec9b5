package io.sonde.app.node;

import io.sonde.app.node.HealthCheck.Finding;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Whether the journals can be written: a database that answers may be a standby, or read-only since its disk is full. */
record JournalHealthStore(DataSource dataSource) {
    private static final String CAN_WRITE =
            """
            SELECT pg_is_in_recovery(), current_setting('transaction_read_only')::boolean,
                   coalesce(has_table_privilege(to_regclass('windows_event'), 'INSERT')
                            AND has_table_privilege(to_regclass('diagnosis_event'), 'INSERT'), FALSE)
            """;

    Finding find() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(CAN_WRITE);
                ResultSet row = statement.executeQuery()) {
            row.next();
            if (row.getBoolean(1)) {
                return new Finding(false, "the database is a standby: it takes no writes");
            }
            if (row.getBoolean(2)) {
                return new Finding(false, "the database is read-only");
            }
            return row.getBoolean(3)
                    ? new Finding(true, "")
                    : new Finding(false, "the tables of the journals are missing or may not be written");
        }
    }
}
