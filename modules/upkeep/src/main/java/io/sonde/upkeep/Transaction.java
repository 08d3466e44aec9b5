package io.sonde.upkeep;

import java.sql.Connection;
import java.sql.SQLException;

/** A part of a chore's work that is done as a whole or not at all. */
@FunctionalInterface
interface Transaction<T> {
    T run() throws SQLException;

    static <T> T of(Connection connection, Transaction<T> transaction) throws SQLException {
        connection.setAutoCommit(false);
        try {
            T result = transaction.run();
            connection.commit();
            return result;
        } catch (SQLException | RuntimeException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }
}
