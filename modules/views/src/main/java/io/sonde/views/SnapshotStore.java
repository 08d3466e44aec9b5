package io.sonde.views;

import io.sonde.core.Unavailable;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;

/** Answers a question within one snapshot of the database, and gives it no more than its time. */
final class SnapshotStore {
    private static final String QUERY_CANCELED = "57014";

    private final DataSource dataSource;
    private final Duration timeout;
    /**
     * One round trip for all of it. Plans are made for the time that is asked for: one for any time opens every month there
     * is.
     */
    private final String begin;

    SnapshotStore(DataSource dataSource, Duration timeout) {
        this.dataSource = dataSource;
        this.timeout = timeout;
        this.begin = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;"
                + " SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL statement_timeout = " + timeout.toMillis();
    }

    /** A question to the database. */
    @FunctionalInterface
    interface Question<Q, A> {
        A answer(Connection connection, Q question) throws SQLException;
    }

    /** Fails with {@link Unavailable} when the database is away, too busy or too slow. */
    <Q, A> A answer(Question<Q, A> by, Q question) {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute(begin);
                return by.answer(connection, question);
            } finally {
                connection.rollback();
            }
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private RuntimeException failure(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        if (state.equals(QUERY_CANCELED)) {
            return new Unavailable(
                    "the database took more than " + timeout.toMillis() + " ms: ask for less time or one target", 5, e);
        }
        if (e instanceof SQLTransientException
                || state.startsWith("08")
                || state.startsWith("53")
                || state.startsWith("57")) {
            return new Unavailable("the database cannot be asked now", 2, e);
        }
        return new IllegalStateException("the read side cannot be asked: " + e.getMessage(), e);
    }
}
