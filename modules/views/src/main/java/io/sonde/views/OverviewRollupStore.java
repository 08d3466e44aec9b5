package io.sonde.views;

import io.sonde.core.Minute;
import io.sonde.views.OverviewDueTable.Due;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import javax.sql.DataSource;

/**
 * Adds up the minutes of all series, hours of those and days of hours: always anew from all their parts, so that doing it again
 * changes nothing.
 */
final class OverviewRollupStore {
    /** A window's last event may come this long after its end, and its row a little later. */
    private static final long SETTLED_AFTER_MS = Minute.LATENESS_MS + Minute.LENGTH_MS;

    private static final Duration LONGEST = Duration.ofMinutes(1);

    /** One at a time in the cluster; and planned for the time that is read, as questions are. */
    private static final String ALONE = "SELECT pg_try_advisory_xact_lock(hashtextextended('overview', 0)),"
            + " set_config('plan_cache_mode', 'force_custom_plan', true)";

    private final DataSource dataSource;
    private final Duration quiet;

    /** @param quiet how long nothing must have been written of a minute */
    OverviewRollupStore(DataSource dataSource, Duration quiet) {
        this.dataSource = dataSource;
        this.quiet = quiet;
    }

    /**
     * Makes what is due, the newest minutes first, and then of the hours and days that are over.
     *
     * @param most how many times minutes are read, each time up to ten of them that are close to each other
     * @return how many minutes, hours and days were made; 0 also while another node is at it
     */
    int rollUp(long nowMs, int most) throws SQLException {
        int made = 0;
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            int last = 1;
            for (int i = 0; i < most && last > 0; i++) {
                last = one(connection, Resolution.MINUTE, nowMs);
                made += last;
            }
            for (Resolution whole : new Resolution[] {Resolution.HOUR, Resolution.DAY}) {
                do {
                    last = one(connection, whole, nowMs);
                    made += last;
                } while (last > 0);
            }
        }
        return made;
    }

    /**
     * In this order: what is committed after the marks are seen is seen below, or has a mark of its own. Nothing is written
     * until all is read, as projections wait for a transaction that has written.
     */
    private int one(Connection connection, Resolution resolution, long nowMs) throws SQLException {
        try {
            Optional<Due> found = alone(connection) ? due(connection, resolution, nowMs) : Optional.empty();
            if (found.isPresent()) {
                Due due = found.get();
                Collection<OverviewRow> rows = made(connection, resolution, due);
                OverviewTable.upsert(connection, due.of(), resolution, rows);
                OverviewDueTable.remove(connection, resolution, due);
                markWholes(connection, resolution, due);
            }
            connection.commit();
            return found.map(due -> due.startsMs().size()).orElse(0);
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        }
    }

    private static boolean alone(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ALONE);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private Optional<Due> due(Connection connection, Resolution resolution, long nowMs) throws SQLException {
        return resolution == Resolution.MINUTE
                ? OverviewDueTable.minutes(connection, quiet, LONGEST)
                : OverviewDueTable.whole(connection, resolution, nowMs - SETTLED_AFTER_MS - resolution.lengthMs() + 1);
    }

    /** What was asked for alone; of a minute without windows there is none. */
    private static Collection<OverviewRow> made(Connection connection, Resolution resolution, Due due)
            throws SQLException {
        Span span = new Span(Collections.min(due.startsMs()), Collections.max(due.startsMs()) + resolution.lengthMs());
        SortedMap<Long, OverviewRow> made = resolution == Resolution.MINUTE
                ? OverviewPartsTable.minutes(connection, due.of(), span)
                : OverviewSum.by(resolution.lengthMs(), parts(connection, due.of(), resolution, span));
        made.keySet().retainAll(due.startsMs());
        return made.values();
    }

    static List<OverviewRow> parts(Connection connection, TenantKind of, Resolution whole, Span span)
            throws SQLException {
        return OverviewTable.rows(connection, of, partsOf(whole), span.fromMs(), span.toMs());
    }

    static Resolution partsOf(Resolution whole) {
        return whole == Resolution.DAY ? Resolution.HOUR : Resolution.MINUTE;
    }

    private static void markWholes(Connection connection, Resolution resolution, Due due) throws SQLException {
        if (resolution == Resolution.DAY) {
            return;
        }
        Resolution whole = resolution == Resolution.MINUTE ? Resolution.HOUR : Resolution.DAY;
        OverviewDueTable.mark(
                connection,
                due.of(),
                whole,
                due.startsMs().stream().map(whole::startOf).distinct().toList());
    }
}
