package io.sonde.app.node;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/** The nodes that say of themselves that they are in the cluster, by the database's clock. */
record NodeTable(DataSource dataSource) {
    void here(String address) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("INSERT INTO node (address, seen) VALUES (?, clock_timestamp())"
                                + " ON CONFLICT (address) DO UPDATE SET seen = excluded.seen")) {
            statement.setString(1, address);
            statement.executeUpdate();
        }
    }

    void gone(String address) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement("DELETE FROM node WHERE address = ?")) {
            statement.setString(1, address);
            statement.executeUpdate();
        }
    }

    /** Whether another node said so within {@code limit}. */
    boolean hasOthers(String address, Duration limit) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement("SELECT EXISTS (SELECT FROM node"
                        + " WHERE address <> ? AND seen > clock_timestamp() - ? * INTERVAL '1 ms')")) {
            statement.setString(1, address);
            statement.setLong(2, limit.toMillis());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }
}
