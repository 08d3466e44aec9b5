package io.sonde.upkeep;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** {@code upkeep_run}, as it is written; and the lock of whoever does the upkeep of this database. */
final class UpkeepRunTable {
    private static final String LOCK = "SELECT pg_try_advisory_lock(hashtextextended('sonde upkeep', 0))";
    private static final String UNLOCK = "SELECT pg_advisory_unlock(hashtextextended('sonde upkeep', 0))";
    private static final String KILLED = "UPDATE upkeep_run SET outcome = 'KILLED' WHERE outcome = 'RUNNING'";
    private static final String BEGUN = "INSERT INTO upkeep_run (what, node, started_at) VALUES (?, ?, ?) RETURNING id";
    private static final String ENDED = "UPDATE upkeep_run SET took_ms = ?, partitions = ?, rows = ?, bytes = ?,"
            + " outcome = ?, error = ? WHERE id = ?";
    private static final int LONGEST_ERROR = 2_000;

    private UpkeepRunTable() {}

    /** Held by the connection until {@link #unlock}, or until it ends. False when somebody else has it. */
    static boolean tryLock(Connection connection) throws SQLException {
        return is(connection, LOCK);
    }

    static void unlock(Connection connection) throws SQLException {
        boolean unused = is(connection, UNLOCK);
    }

    /** To be called by who has the lock: what still runs then, does not. */
    static void sayKilled(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(KILLED)) {
            statement.executeUpdate();
        }
    }

    /** The number of a run that begins. */
    static long begin(Connection connection, String what, String node, Instant now) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(BEGUN)) {
            statement.setString(1, what);
            statement.setString(2, node);
            statement.setObject(3, now.atOffset(ZoneOffset.UTC));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    static void end(Connection connection, long id, Done done) throws SQLException {
        String error = done.error();
        try (PreparedStatement statement = connection.prepareStatement(ENDED)) {
            statement.setLong(1, done.tookMs());
            statement.setInt(2, done.work().partitions());
            statement.setLong(3, done.work().rows());
            statement.setLong(4, done.work().bytes());
            statement.setString(5, error == null ? "DONE" : "FAILED");
            if (error == null) {
                statement.setNull(6, Types.VARCHAR);
            } else {
                statement.setString(6, error.substring(0, Math.min(error.length(), LONGEST_ERROR)));
            }
            statement.setLong(7, id);
            statement.executeUpdate();
        }
    }

    private static boolean is(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getBoolean(1);
        }
    }

    /** @param error null when it did not fail */
    record Done(Work work, long tookMs, @Nullable String error) {}
}
