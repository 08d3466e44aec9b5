package io.sonde.views;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;

/** Looks after the months of the windows, incidents long ended, and whoever holds projections up. */
final class UpkeepStore {
    private final DataSource dataSource;

    UpkeepStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    void makeMonthsAhead(long nowMs) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            PartitionTable.makeAhead(connection, nowMs);
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
        }
    }

    Optional<String> heldUpBy() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return WindowProjection.heldUpBy(connection);
        }
    }

    /** How many partitions were older than {@code keep} and are gone. */
    int dropOldMonths(long nowMs, Duration keep) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                int dropped = PartitionTable.dropOld(connection, nowMs, keep);
                IncidentTable.dropOld(connection, nowMs - keep.toMillis());
                connection.commit();
                return dropped;
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            }
        }
    }
}
