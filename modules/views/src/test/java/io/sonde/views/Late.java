package io.sonde.views;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A session that has written a row of the journal and leaves its transaction open. */
record Late(Connection connection, long pid) implements AutoCloseable {
    static Late begin(Following following, String name, long ordering) throws SQLException {
        Connection connection = following.readSide.unpooled();
        connection.setAutoCommit(false);
        following.insert(connection, BlindSpotIT.of("late-" + name, 0), ordering);
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return new Late(connection, row.getLong(1));
        }
    }

    /** The transaction is nobody's from now on. */
    void prepare() throws SQLException {
        execute("PREPARE TRANSACTION 'late'");
        connection.setAutoCommit(true);
    }

    /** The process of this session stops (SIGSTOP) while it executes an insert. */
    CompletableFuture<Void> pauseInsideAnInsert() throws IOException {
        CompletableFuture<Void> insert = CompletableFuture.runAsync(() -> {
            try {
                execute("INSERT INTO projection_management SELECT 'late', 'late', false, 0 FROM pg_sleep(0.5)");
            } catch (SQLException e) {
                throw new CompletionException(e);
            }
        });
        signal("STOP");
        return insert;
    }

    void goOn() throws IOException {
        signal("CONT");
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void signal(String name) throws IOException {
        new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                .start()
                .onExit()
                .thenAccept(kill -> assertThat(kill.exitValue()).isZero())
                .join();
    }

    @Override
    public void close() throws IOException, SQLException {
        signal("CONT");
        connection.close();
    }
}
