package io.sonde.app.node;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import javax.sql.DataSource;

/** The clock of the database. */
public record DatabaseTimeStore(DataSource dataSource) {
    /** How far the given clock is ahead of the database's, ms, at least; negative when behind, 0 when they may agree. */
    public long aheadMs(Clock clock) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement("SELECT clock_timestamp()")) {
            long before = clock.millis();
            try (ResultSet row = statement.executeQuery()) {
                long after = clock.millis();
                row.next();
                long there = row.getObject(1, OffsetDateTime.class).toInstant().toEpochMilli();
                if (there < before) {
                    return before - there;
                }
                return there > after ? after - there : 0;
            }
        }
    }
}
