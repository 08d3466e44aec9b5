package io.sonde.views;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;

/** The months of the windows, each a partition. Upkeep makes them ahead and drops them. */
final class PartitionTable {
    private final Set<YearMonth> there = new HashSet<>();

    /**
     * Makes the partitions that windows with these starts need; to be called before they are written.
     *
     * @return the months that are no longer kept: nothing can be written there
     */
    Set<YearMonth> ensure(Connection connection, Iterable<Long> startsMs) throws SQLException {
        TreeMap<YearMonth, Long> unknown = new TreeMap<>();
        for (long startMs : startsMs) {
            YearMonth month = month(startMs);
            if (!there.contains(month)) {
                unknown.put(month, startMs);
            }
        }
        Set<YearMonth> gone = new HashSet<>();
        for (var month : unknown.entrySet()) {
            switch (ensure(connection, month.getValue())) {
                case THERE -> there.add(month.getKey());
                case MADE -> {}
                case GONE -> gone.add(month.getKey());
            }
        }
        return gone;
    }

    static YearMonth month(long startMs) {
        return YearMonth.from(Instant.ofEpochMilli(startMs).atOffset(ZoneOffset.UTC));
    }

    private enum Partition {
        THERE,
        /** Gone again if this transaction rolls back. */
        MADE,
        GONE
    }

    private static Partition ensure(Connection connection, long startMs) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT ensure_window_partition(?)")) {
            statement.setObject(1, Columns.time(startMs));
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                boolean before = rows.getBoolean(1);
                if (rows.wasNull()) {
                    return Partition.GONE;
                }
                return before ? Partition.THERE : Partition.MADE;
            }
        }
    }
}
