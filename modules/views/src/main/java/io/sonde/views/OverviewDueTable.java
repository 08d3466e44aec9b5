package io.sonde.views;

import io.sonde.core.ClosedWindows;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Overviews that are missing or older than their parts: of each writer a row of its own, so that none waits for another. */
final class OverviewDueTable {
    /** Read at a time, with the same places in an index and in a table next to each other. */
    private static final long MINUTES_AT_A_TIME_MS = 10 * Resolution.MINUTE.lengthMs();

    private static final String MARK =
            "INSERT INTO overview_due (tenant, kind, resolution, window_start) VALUES (?, ?, ?, ?)";

    /** The newest first: what is looked at most is there first. */
    private static final String MINUTES =
            """
            SELECT tenant, kind, window_start, array_agg(number) FROM overview_due WHERE resolution = '1m'
            GROUP BY tenant, kind, window_start
            HAVING max(marked_at) <= clock_timestamp() - ? * INTERVAL '1 ms'
                OR min(marked_at) <= clock_timestamp() - ? * INTERVAL '1 ms'
            ORDER BY window_start DESC, tenant, kind LIMIT 200
            """;

    /** One of which no part is due. */
    private static final String WHOLE =
            """
            SELECT d.tenant, d.kind, d.window_start, array_agg(d.number) FROM overview_due d
            WHERE d.resolution = ? AND d.window_start < ? AND NOT EXISTS (
                SELECT 1 FROM overview_due part
                WHERE part.tenant = d.tenant AND part.kind = d.kind AND part.resolution = ANY(?)
                  AND part.window_start >= d.window_start
                  AND part.window_start < d.window_start + ? * INTERVAL '1 ms')
            GROUP BY d.tenant, d.kind, d.window_start ORDER BY d.window_start DESC LIMIT 1
            """;

    private static final String REMOVE = "DELETE FROM overview_due WHERE tenant = ? AND kind = ? AND resolution = ?"
            + " AND window_start >= ? AND window_start <= ? AND number = ANY(?)";

    private static final String DUE = "SELECT DISTINCT window_start FROM overview_due WHERE tenant = ? AND kind = ?"
            + " AND resolution = ANY(?) AND window_start >= ? AND window_start < ?";

    private OverviewDueTable() {}

    /** What is to be made, and the marks that are taken away by it. */
    record Due(TenantKind of, List<Long> startsMs, List<Long> marks) {}

    /** Marks the minutes of these windows. */
    static void mark(Connection connection, Collection<ClosedWindows> closed) throws SQLException {
        Map<TenantKind, SortedSet<Long>> minutes = new HashMap<>();
        for (ClosedWindows windows : closed) {
            TenantKind of =
                    new TenantKind(windows.source().tenant(), windows.source().kind());
            minutes.computeIfAbsent(of, any -> new TreeSet<>()).add(windows.startMs());
        }
        for (Map.Entry<TenantKind, SortedSet<Long>> one : minutes.entrySet()) {
            mark(connection, one.getKey(), Resolution.MINUTE, one.getValue());
        }
    }

    static void mark(Connection connection, TenantKind of, Resolution resolution, Collection<Long> startsMs)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(MARK)) {
            for (long startMs : startsMs) {
                statement.setString(1, of.tenant());
                statement.setString(2, of.kind());
                statement.setString(3, resolution.code());
                statement.setObject(4, Columns.time(startMs));
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /**
     * Minutes close to each other that have been quiet for so long, or have waited for long enough.
     *
     * @return empty when there are none
     */
    static Optional<Due> minutes(Connection connection, Duration quiet, Duration longest) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(MINUTES)) {
            statement.setLong(1, quiet.toMillis());
            statement.setLong(2, longest.toMillis());
            return due(statement);
        }
    }

    /** An hour or day that starts before this time and whose parts are all up to date. */
    static Optional<Due> whole(Connection connection, Resolution whole, long beforeMs) throws SQLException {
        List<String> parts = new ArrayList<>(upTo(whole));
        parts.remove(whole.code());
        try (PreparedStatement statement = connection.prepareStatement(WHOLE)) {
            statement.setString(1, whole.code());
            statement.setObject(2, Columns.time(beforeMs));
            statement.setArray(3, connection.createArrayOf("text", parts.toArray()));
            statement.setLong(4, whole.lengthMs());
            return due(statement);
        }
    }

    /** The first of them, with those of its neighbourhood. */
    private static Optional<Due> due(PreparedStatement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            if (!rows.next()) {
                return Optional.empty();
            }
            Due due = new Due(of(rows), new ArrayList<>(), new ArrayList<>());
            long block = Math.floorDiv(startMs(rows), MINUTES_AT_A_TIME_MS);
            do {
                if (of(rows).equals(due.of()) && Math.floorDiv(startMs(rows), MINUTES_AT_A_TIME_MS) == block) {
                    due.startsMs().add(startMs(rows));
                    Collections.addAll(due.marks(), numbers(rows.getArray(4)));
                }
            } while (rows.next());
            return Optional.of(due);
        }
    }

    private static TenantKind of(ResultSet rows) throws SQLException {
        return new TenantKind(rows.getString(1), rows.getString(2));
    }

    private static long startMs(ResultSet rows) throws SQLException {
        return Columns.epochMs(rows.getObject(3, OffsetDateTime.class));
    }

    private static Long[] numbers(Array array) throws SQLException {
        return (Long[]) array.getArray();
    }

    /** Those marks alone: what was written since has others. */
    static void remove(Connection connection, Resolution resolution, Due due) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(REMOVE)) {
            statement.setString(1, due.of().tenant());
            statement.setString(2, due.of().kind());
            statement.setString(3, resolution.code());
            statement.setObject(4, Columns.time(Collections.min(due.startsMs())));
            statement.setObject(5, Columns.time(Collections.max(due.startsMs())));
            statement.setArray(6, connection.createArrayOf("int8", due.marks().toArray()));
            statement.executeUpdate();
        }
    }

    /** Starts of the windows of this length whose rows are missing or older than their parts, or parts of these are. */
    static SortedSet<Long> due(Connection connection, TenantKind of, Resolution whole, Span span) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DUE)) {
            statement.setString(1, of.tenant());
            statement.setString(2, of.kind());
            statement.setArray(3, connection.createArrayOf("text", upTo(whole).toArray()));
            statement.setObject(4, Columns.time(span.fromMs()));
            statement.setObject(5, Columns.time(span.toMs()));
            SortedSet<Long> starts = new TreeSet<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    starts.add(whole.startOf(Columns.epochMs(rows.getObject(1, OffsetDateTime.class))));
                }
            }
            return starts;
        }
    }

    private static List<String> upTo(Resolution whole) {
        return List.of(Resolution.MINUTE, Resolution.HOUR, Resolution.DAY).stream()
                .filter(one -> one.lengthMs() <= whole.lengthMs())
                .map(Resolution::code)
                .toList();
    }
}
