package io.sonde.views;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code upkeep_run}, as it is asked for. */
public final class UpkeepRunStore {
    /** Hops from part to part over the index. */
    private static final String LAST =
            """
            WITH RECURSIVE part AS (
                (SELECT what FROM upkeep_run ORDER BY what LIMIT 1)
                UNION ALL
                SELECT (SELECT next.what FROM upkeep_run next WHERE next.what > part.what ORDER BY next.what LIMIT 1)
                FROM part WHERE part.what IS NOT NULL)
            SELECT last.what, last.node, last.started_at, last.took_ms, last.partitions, last.rows, last.bytes,
                   last.outcome, last.error,
                   (SELECT done.started_at FROM upkeep_run done WHERE done.what = part.what AND done.outcome = 'DONE'
                    ORDER BY done.id DESC LIMIT 1)
            FROM part
            CROSS JOIN LATERAL (SELECT * FROM upkeep_run r WHERE r.id = (
                SELECT max(newest.id) FROM upkeep_run newest WHERE newest.what = part.what)) last
            ORDER BY last.what
            """;

    private UpkeepRunStore() {}

    /** Of each part the last run, by name. */
    public static List<UpkeepRun> last(Connection connection) throws SQLException {
        List<UpkeepRun> runs = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(LAST);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                runs.add(run(rows));
            }
        }
        return runs;
    }

    private static UpkeepRun run(ResultSet rows) throws SQLException {
        return new UpkeepRun(
                rows.getString(1),
                rows.getString(2),
                Columns.epochMs(rows.getObject(3, OffsetDateTime.class)),
                rows.getObject(4, Long.class),
                rows.getInt(5),
                rows.getLong(6),
                rows.getLong(7),
                UpkeepRun.Outcome.valueOf(rows.getString(8)),
                rows.getString(9),
                timeOrNull(rows.getObject(10, OffsetDateTime.class)));
    }

    private static @Nullable Long timeOrNull(@Nullable OffsetDateTime time) {
        return time == null ? null : Columns.epochMs(time);
    }
}
