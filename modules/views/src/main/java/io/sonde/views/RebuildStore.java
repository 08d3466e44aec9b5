package io.sonde.views;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import javax.sql.DataSource;

/** What a rebuild asks of the database: emptiness, and how far it is. */
final class RebuildStore {
    private final DataSource dataSource;

    RebuildStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Problems are copied again by the next node. Series keep their numbers, so that a node which remembers one does not write for a series that is gone. */
    void empty() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(
                    "TRUNCATE window_1m, window_1h, window_1d, rollup_due, source, incident, problem, delivery, silence");
            statement.execute("UPDATE series SET first_window = 'infinity', last_window = '-infinity'");
            if (JournalTable.isForeign(connection)) {
                JournalTable.adopt(connection);
            }
            OffsetTable.forget(connection);
            connection.commit();
        }
    }

    /** The last row that the journal holds of each slice; no entry for a slice without rows. */
    Map<Integer, JournalOffset> ends() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return JournalTable.ends(connection);
        }
    }

    boolean copiedUpTo(Map<Integer, JournalOffset> ends) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return OffsetTable.haveReached(connection, ends);
        }
    }
}
