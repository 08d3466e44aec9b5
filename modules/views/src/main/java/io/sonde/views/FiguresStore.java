package io.sonde.views;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** What only PostgreSQL knows of the cluster and people want to watch. Each answer has a bounded number of rows. */
public final class FiguresStore {
    /** Of the rows that a projection has not copied, so many are counted in each slice. */
    private static final int MOST_COUNTED = 10_000;

    private static final String WINDOWS_BEHIND =
            """
            SELECT count(next.write_timestamp), coalesce(min(next.write_timestamp), 0)
            FROM generate_series(0, %d) slice
            LEFT JOIN projection_offset_store copied
                   ON copied.projection_name = '%s' AND copied.projection_key = 'slice-' || lpad(slice::text, 2, '0')
            CROSS JOIN LATERAL (
                SELECT write_timestamp FROM diagnosis_event
                WHERE %s = slice
                  AND (xid, ordering) > (coalesce(split_part(copied.current_offset, '/', 1), '0')::xid8,
                                         coalesce(split_part(copied.current_offset, '/', 2), '0')::bigint)
                ORDER BY xid, ordering LIMIT %d) next
            """
                    .formatted(Slices.COUNT - 1, WindowProjection.NAME, Slices.OF_ROW, MOST_COUNTED);
    private static final String PROBLEMS_BEHIND =
            """
            SELECT count(*), coalesce(min(write_timestamp), 0)
            FROM (SELECT write_timestamp FROM problem_event
                  WHERE sequence_number > coalesce((SELECT max(current_offset::bigint) FROM projection_offset_store
                                                    WHERE projection_name = '%s'), 0)
                  LIMIT %d) next
            """
                    .formatted(ProblemProjection.NAME, MOST_COUNTED);
    private static final String OPEN_INCIDENTS =
            "SELECT label, count(*) FROM incident WHERE state = 'open' GROUP BY label ORDER BY label LIMIT 50";
    private static final String OPEN_PROBLEMS =
            "SELECT label, count(*) FROM problem WHERE ended_at IS NULL GROUP BY label ORDER BY label LIMIT 50";
    private static final String UNDELIVERED =
            """
            SELECT d.channel,
                   (extract(epoch FROM min(CASE WHEN d.resolved THEN p.ended_at ELSE p.started_at END)) * 1000)::bigint
            FROM delivery d JOIN problem p ON p.id = d.problem_id
            WHERE d.state = 'DUE' GROUP BY d.channel ORDER BY d.channel LIMIT 50
            """;
    private static final String TABLES =
            """
            SELECT coalesce(whole.relname, part.relname), sum(pg_total_relation_size(part.oid))::bigint
            FROM pg_class part
            LEFT JOIN pg_inherits i ON i.inhrelid = part.oid
            LEFT JOIN pg_class whole ON whole.oid = i.inhparent
            WHERE part.relkind = 'r' AND part.relnamespace = current_schema()::regnamespace
            GROUP BY 1 ORDER BY 1 LIMIT 50
            """;
    private static final String PARTITIONS =
            """
            SELECT part.relname, pg_total_relation_size(part.oid)
            FROM pg_inherits i
            JOIN pg_class part ON part.oid = i.inhrelid
            WHERE part.relkind = 'r' AND part.relnamespace = current_schema()::regnamespace
            ORDER BY right(part.relname, 7) DESC, 1 LIMIT 100
            """;
    /** Of sources that were heard of within a day, those that have had no window for ten minutes. */
    private static final String SILENT =
            """
            SELECT tenant, count(*) FILTER (WHERE last < now() - INTERVAL '10 minutes')
            FROM (SELECT tenant, max(last_window) AS last FROM series
                  WHERE last_window >= now() - INTERVAL '1 day' GROUP BY tenant, kind, source) heard
            GROUP BY tenant ORDER BY tenant LIMIT 50
            """;

    private final DataSource dataSource;

    public FiguresStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * What a projection has not copied yet.
     *
     * @param rows at most {@value #MOST_COUNTED} are counted in each slice
     * @param oldestMs when the oldest of them was written, epoch ms; 0 when there are none
     */
    public record Behind(long rows, long oldestMs) {}

    /**
     * What changes from moment to moment.
     *
     * @param projections by name
     * @param openIncidents by label
     * @param openProblems by label
     * @param undeliveredSinceMs by channel, since when the problem that is still to be told of began or ended, epoch ms
     */
    public record Moment(
            Map<String, Behind> projections,
            Map<String, Long> openIncidents,
            Map<String, Long> openProblems,
            Map<String, Long> undeliveredSinceMs) {}

    /**
     * What changes slowly and takes PostgreSQL longer; bytes are with indexes and all.
     *
     * @param tables by name, with all their partitions
     * @param partitions by name, the latest
     * @param silentSources by tenant, sources that fell silent within the last day
     * @param upkeep of each part the last run
     */
    public record Stock(
            Map<String, Long> tables,
            Map<String, Long> partitions,
            Map<String, Long> silentSources,
            List<UpkeepRun> upkeep) {
        public static final Stock UNKNOWN = new Stock(Map.of(), Map.of(), Map.of(), List.of());
    }

    public Moment moment() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return new Moment(
                    Map.of(
                            WindowProjection.NAME, behind(connection, WINDOWS_BEHIND),
                            ProblemProjection.NAME, behind(connection, PROBLEMS_BEHIND)),
                    counts(connection, OPEN_INCIDENTS),
                    counts(connection, OPEN_PROBLEMS),
                    counts(connection, UNDELIVERED));
        }
    }

    public Stock stock() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return new Stock(
                    counts(connection, TABLES),
                    counts(connection, PARTITIONS),
                    counts(connection, SILENT),
                    UpkeepRunStore.last(connection));
        }
    }

    private static Behind behind(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return new Behind(row.getLong(1), row.getLong(2));
        }
    }

    private static Map<String, Long> counts(Connection connection, String sql) throws SQLException {
        Map<String, Long> counts = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                counts.put(rows.getString(1), rows.getLong(2));
            }
        }
        return counts;
    }
}
