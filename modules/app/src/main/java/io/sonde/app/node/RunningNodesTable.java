package io.sonde.app.node;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;

/** The nodes that run on a database, seen by the connections of their journals. */
final class RunningNodesTable {
    private static final String JOURNAL_CONNECTIONS =
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'sonde-journals'";

    private final DataSource dataSource;

    RunningNodesTable(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    boolean any() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(JOURNAL_CONNECTIONS);
                ResultSet rows = statement.executeQuery()) {
            return rows.next();
        }
    }
}
