package io.sonde.upkeep;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * Drops the months of a table of windows of which everything is too old, each in a transaction of its own. One whose
 * windows have not all been rolled up into the next longer ones stays.
 *
 * @param table {@code window_1m} or {@code window_1h}
 * @param into the resolution that is made of its windows
 * @param lockTimeout how long it waits for readers; for so long others wait behind it
 */
record OldMonthsTable(String what, String table, String into, Duration keep, Duration lockTimeout) implements Chore {
    private static final String PARTITIONS =
            """
            SELECT c.relname, pg_total_relation_size(c.oid) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = ?::regclass ORDER BY c.relname COLLATE "C"
            """;
    private static final String DUE =
            "SELECT EXISTS (SELECT 1 FROM rollup_due WHERE resolution = ? AND window_start < ?)"
                    + " OR EXISTS (SELECT 1 FROM overview_due WHERE resolution = '1m' AND window_start < ?)";
    private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('window partitions', 0))";

    /** A month and what it takes. */
    private record Old(YearMonth month, String partition, long bytes) {
        Work work() {
            return Work.partition(partition, bytes);
        }
    }

    @Override
    public Work look(Connection connection, Instant now) throws SQLException {
        Work work = Work.NONE;
        for (Old old : old(connection, now)) {
            requireRolledUp(connection, old);
            work = work.and(old.work());
        }
        return work;
    }

    @Override
    public Work work(Connection connection, Instant now) throws SQLException {
        Work work = Work.NONE;
        for (Old old : old(connection, now)) {
            requireRolledUp(connection, old);
            Transaction.of(connection, () -> drop(connection, old));
            work = work.and(old.work());
        }
        return work;
    }

    private List<Old> old(Connection connection, Instant now) throws SQLException {
        YearMonth firstKept = Months.of(now.minus(keep));
        List<Old> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(PARTITIONS)) {
            statement.setString(1, table);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    YearMonth month = Months.ofPartition(rows.getString(1));
                    if (month.isBefore(firstKept)) {
                        found.add(new Old(month, rows.getString(1), rows.getLong(2)));
                    }
                }
            }
        }
        return found;
    }

    private void requireRolledUp(Connection connection, Old old) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DUE)) {
            statement.setString(1, into);
            statement.setObject(2, end(old).atOffset(ZoneOffset.UTC));
            statement.setObject(3, end(old).atOffset(ZoneOffset.UTC));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                if (row.getBoolean(1)) {
                    throw new SQLException(
                            old.partition() + " stays until its windows are rolled up into " + into + " and overviews");
                }
            }
        }
    }

    /** The lock keeps a late window from making the month again in between. */
    private Work drop(Connection connection, Old old) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL lock_timeout = " + lockTimeout.toMillis());
            statement.execute(LOCK);
            KeptFromTable.advance(connection, table, end(old));
            statement.execute("DROP TABLE " + old.partition());
            // Whoever wrote into it until now has said what is due.
            requireRolledUp(connection, old);
        }
        return old.work();
    }

    private static Instant end(Old old) {
        return Months.start(old.month().plusMonths(1));
    }
}
