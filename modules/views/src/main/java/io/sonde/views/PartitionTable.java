package io.sonde.views;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;

/** The months of the windows, each a partition. */
final class PartitionTable {
    private final Set<YearMonth> there = new HashSet<>();

    /** Makes the partitions that windows with these starts need; to be called before they are written. */
    void ensure(Connection connection, Iterable<Long> startsMs) throws SQLException {
        TreeMap<YearMonth, Long> unknown = new TreeMap<>();
        for (long startMs : startsMs) {
            YearMonth month = YearMonth.from(Instant.ofEpochMilli(startMs).atOffset(ZoneOffset.UTC));
            if (!there.contains(month)) {
                unknown.put(month, startMs);
            }
        }
        for (var month : unknown.entrySet()) {
            if (ensure(connection, month.getValue())) {
                there.add(month.getKey());
            }
        }
    }

    /** True when the partition was there before: one that this transaction makes is gone again if it rolls back. */
    private static boolean ensure(Connection connection, long startMs) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT ensure_window_partition(?)")) {
            statement.setObject(1, Columns.time(startMs));
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getBoolean(1);
            }
        }
    }

    static void makeAhead(Connection connection, long nowMs) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT ensure_window_partitions_ahead(?)")) {
            statement.setObject(1, Columns.time(nowMs));
            statement.execute();
        }
    }

    /** Drops what is older than {@code keep}; how many partitions. Gives up rather than queue behind a long reader. */
    static int dropOld(Connection connection, long nowMs, Duration keep) throws SQLException {
        long before = nowMs - keep.toMillis();
        try (Statement wait = connection.createStatement()) {
            wait.execute("SET LOCAL lock_timeout = '2s'");
        }
        try (PreparedStatement days = connection.prepareStatement("DELETE FROM window_1d WHERE window_start < ?")) {
            days.setObject(1, Columns.time(Resolution.DAY.startOf(before)));
            days.executeUpdate();
        }
        try (PreparedStatement months = connection.prepareStatement("SELECT drop_window_partitions(?)")) {
            months.setObject(1, Columns.time(before));
            try (ResultSet rows = months.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        }
    }
}
