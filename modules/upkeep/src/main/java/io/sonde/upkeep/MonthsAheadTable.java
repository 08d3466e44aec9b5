package io.sonde.upkeep;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Makes the partitions of this month and of those to come, before there are windows to write into them. */
record MonthsAheadTable(int ahead) implements Chore {
    private static final String MAKE = "SELECT ensure_window_partition(?)";
    private static final String THERE = "SELECT to_regclass(?) IS NOT NULL";

    @Override
    public String what() {
        return "months-ahead";
    }

    @Override
    public Work look(Connection connection, Instant now) throws SQLException {
        Work work = Work.NONE;
        for (YearMonth month : missing(connection, now)) {
            work = work.and(made(month));
        }
        return work;
    }

    @Override
    public Work work(Connection connection, Instant now) throws SQLException {
        Work work = Work.NONE;
        for (YearMonth month : missing(connection, now)) {
            try (PreparedStatement statement = connection.prepareStatement(MAKE)) {
                statement.setObject(1, Months.start(month).atOffset(ZoneOffset.UTC));
                statement.execute();
            }
            work = work.and(made(month));
        }
        return work;
    }

    private static Work made(YearMonth month) {
        return Work.partition("the month " + month, 0);
    }

    private List<YearMonth> missing(Connection connection, Instant now) throws SQLException {
        List<YearMonth> missing = new ArrayList<>();
        for (int i = 0; i <= ahead; i++) {
            YearMonth month = Months.of(now).plusMonths(i);
            if (!isThere(connection, Months.partition("window_1m", month))
                    || !isThere(connection, Months.partition("window_1h", month))) {
                missing.add(month);
            }
        }
        return missing;
    }

    private static boolean isThere(Connection connection, String table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(THERE)) {
            statement.setString(1, table);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }
}
