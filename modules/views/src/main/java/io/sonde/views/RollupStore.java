package io.sonde.views;

import io.sonde.core.Minute;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/** Makes hours of minutes and days of hours: always anew from all their parts, so that doing it again changes nothing. */
final class RollupStore {
    /** A window's last event may come this long after its end, and its row a little later. */
    private static final long SETTLED_AFTER_MS = Minute.LATENESS_MS + Minute.LENGTH_MS;

    private final DataSource dataSource;
    private final int batch;

    /** @param batch how many are made in one transaction */
    RollupStore(DataSource dataSource, int batch) {
        this.dataSource = dataSource;
        this.batch = batch;
    }

    /** Makes all that is due of the hours and days that are over; how many. */
    int rollUp(long nowMs) throws SQLException {
        int made = 0;
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            for (WindowTable whole : List.of(WindowTable.HOURS, WindowTable.DAYS)) {
                int last = batch;
                while (last == batch) {
                    last = oneBatch(connection, whole, nowMs);
                    made += last;
                }
            }
        }
        return made;
    }

    /** In this order: what is committed after the marks are taken is seen below, or marks anew. */
    private int oneBatch(Connection connection, WindowTable whole, long nowMs) throws SQLException {
        Resolution resolution = whole.resolution();
        long beforeMs = nowMs - SETTLED_AFTER_MS - resolution.lengthMs() + 1;
        try {
            List<Position> due = RollupDueTable.take(connection, resolution, beforeMs, batch);
            if (!due.isEmpty()) {
                WindowTable parts = resolution == Resolution.DAY ? WindowTable.HOURS : WindowTable.MINUTES;
                whole.upsert(
                        connection, Merging.into(resolution, PartsTable.within(connection, parts, resolution, due)));
                if (resolution == Resolution.HOUR) {
                    RollupDueTable.mark(connection, Resolution.DAY, due);
                }
            }
            connection.commit();
            return due.size();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        }
    }
}
