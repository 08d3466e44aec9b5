package io.sonde.views;

import io.sonde.core.OpenIncident;
import io.sonde.core.SeriesId;
import io.sonde.core.Verdict;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import javax.sql.DataSource;

/** What goes on now, and how many series could suffer from the same. */
public final class OpenIncidentStore implements OpenIncident.Lookout {
    /** A series of which so long no window came is not measured now. */
    private static final Duration MEASURED = Duration.ofMinutes(10);
    /** An incident of such a series is nobody's any more. */
    private static final Duration FORGOTTEN = Duration.ofHours(24);

    private static final String OPEN =
            """
            WITH open AS (
                SELECT i.id, i.label, i.onset, i.peak_verdict, s.tenant, s.kind, s.source, s.target, s.target_hash,
                       s.last_window > ? AS measured
                FROM incident i JOIN series s ON s.series_id = i.series_id
                WHERE i.state = 'open' AND s.last_window > ?),
            by_source AS (
                SELECT s.tenant, s.kind, s.source, count(*) AS targets FROM series s
                JOIN (SELECT DISTINCT tenant, kind, source FROM open) o USING (tenant, kind, source)
                WHERE s.last_window > ? GROUP BY 1, 2, 3),
            by_target AS (
                SELECT s.tenant, s.kind, s.target_hash, count(*) AS sources FROM series s
                JOIN (SELECT DISTINCT tenant, kind, target_hash FROM open) o USING (tenant, kind, target_hash)
                WHERE s.last_window > ? GROUP BY 1, 2, 3)
            SELECT open.id, open.tenant, open.kind, open.source, open.target, open.label, open.onset, open.peak_verdict,
                   open.measured, coalesce(by_source.targets, 0), coalesce(by_target.sources, 0)
            FROM open
            LEFT JOIN by_source USING (tenant, kind, source)
            LEFT JOIN by_target USING (tenant, kind, target_hash)
            ORDER BY open.onset, open.id
            """;

    private final DataSource dataSource;
    private final Clock clock;
    private final Executor blocking;

    public OpenIncidentStore(DataSource dataSource, Clock clock, Executor blocking) {
        this.dataSource = dataSource;
        this.clock = clock;
        this.blocking = blocking;
    }

    @Override
    public CompletionStage<List<OpenIncident>> now() {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (Connection connection = dataSource.getConnection()) {
                        return open(connection, clock.millis());
                    } catch (SQLException e) {
                        throw new CompletionException(e);
                    }
                },
                blocking);
    }

    private static List<OpenIncident> open(Connection connection, long nowMs) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(OPEN)) {
            statement.setObject(1, Columns.time(nowMs - MEASURED.toMillis()));
            statement.setObject(2, Columns.time(nowMs - FORGOTTEN.toMillis()));
            statement.setObject(3, Columns.time(nowMs - MEASURED.toMillis()));
            statement.setObject(4, Columns.time(nowMs - MEASURED.toMillis()));
            List<OpenIncident> open = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    Verdict peak = VerdictJson.one(rows.getString(8));
                    open.add(new OpenIncident(
                            rows.getString(1),
                            new SeriesId(rows.getString(2), rows.getString(3), rows.getString(4), rows.getString(5)),
                            rows.getString(6),
                            Columns.epochMs(rows.getObject(7, OffsetDateTime.class)),
                            peak.severity(),
                            peak.evidence(),
                            rows.getBoolean(9),
                            rows.getInt(10),
                            rows.getInt(11)));
                }
            }
            return open;
        }
    }
}
