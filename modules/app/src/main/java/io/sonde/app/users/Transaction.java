package io.sonde.app.users;

import io.sonde.core.Unavailable;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Work in the database that is done as a whole or not at all. */
@FunctionalInterface
interface Transaction<T> {
    int RETRY_AFTER_S = 2;

    T on(Connection connection) throws SQLException;

    /** Blocking; fails with {@link Unavailable} without a database. */
    static <T> T in(DataSource dataSource, Transaction<T> work) {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                T done = work.on(connection);
                connection.commit();
                return done;
            } finally {
                connection.rollback();
            }
        } catch (SQLException e) {
            throw new Unavailable("the accounts cannot be asked: " + e.getMessage(), RETRY_AFTER_S, e);
        }
    }
}
