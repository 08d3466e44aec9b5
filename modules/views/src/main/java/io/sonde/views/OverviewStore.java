package io.sonde.views;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/**
 * How everything went. Hours and days that are due are made of their parts; minutes that are due are taken as they are, and said to
 * be so. To be asked within one snapshot.
 */
final class OverviewStore {
    private static final String OPEN_PROBLEMS =
            "SELECT count(*) FROM problem WHERE tenant = ? AND kind = ? AND ended_at IS NULL";
    private static final String OPEN_INCIDENTS = "SELECT count(*) FROM incident i JOIN series s USING (series_id)"
            + " WHERE s.tenant = ? AND s.kind = ? AND i.state = 'open'";

    private OverviewStore() {}

    static Overview overview(Connection connection, OverviewQuery asked) throws SQLException {
        TenantKind of = new TenantKind(asked.tenant(), asked.kind());
        OverviewQuery query = query(connection, asked);
        Span span = new Span(query.fromMs(), query.toMs());
        SortedSet<Long> due = OverviewDueTable.due(connection, of, Resolution.MINUTE, span);
        List<OverviewRow> steps =
                new ArrayList<>(OverviewSum.by(query.stepMs(), rows(connection, of, query.parts(), span))
                        .values());
        OverviewSum sum = new OverviewSum();
        steps.forEach(sum::add);
        OverviewRow all = sum.row(query.fromMs());
        ActiveSeriesTable active = ActiveSeriesTable.of(connection, all.series());
        return new Overview(
                query,
                part(all, active, due.isEmpty()),
                steps.stream()
                        .map(step -> part(step, active, isComplete(step.startMs(), query.stepMs(), due)))
                        .toList(),
                due.isEmpty() ? query.toMs() : due.first(),
                KeptFromTable.overview(connection)
                        .map(Instant::toEpochMilli)
                        .filter(at -> at > query.fromMs())
                        .orElse(null),
                count(connection, OPEN_PROBLEMS, of),
                count(connection, OPEN_INCIDENTS, of));
    }

    /** Single minutes are not kept as long as hours. */
    private static OverviewQuery query(Connection connection, OverviewQuery asked) throws SQLException {
        Optional<Instant> minutesFrom = KeptFromTable.overviewMinutes(connection);
        return minutesFrom.isPresent() && asked.fromMs() < minutesFrom.get().toEpochMilli() ? asked.ofHours() : asked;
    }

    private static boolean isComplete(long startMs, long stepMs, SortedSet<Long> due) {
        return due.subSet(startMs, startMs + stepMs).isEmpty();
    }

    /** In the order of time. */
    private static List<OverviewRow> rows(Connection connection, TenantKind of, Resolution resolution, Span span)
            throws SQLException {
        List<OverviewRow> rows =
                new ArrayList<>(OverviewTable.rows(connection, of, resolution, span.fromMs(), span.toMs()));
        if (resolution == Resolution.MINUTE) {
            return rows;
        }
        SortedSet<Long> due = OverviewDueTable.due(connection, of, resolution, span);
        rows.removeIf(row -> due.contains(row.startMs()));
        for (long startMs : due) {
            Span whole = new Span(startMs, startMs + resolution.lengthMs());
            List<OverviewRow> parts = rows(connection, of, OverviewRollupStore.partsOf(resolution), whole);
            rows.addAll(OverviewSum.by(resolution.lengthMs(), parts).values());
        }
        return rows;
    }

    private static Overview.Part part(OverviewRow row, ActiveSeriesTable active, boolean complete) {
        return new Overview.Part(
                row.startMs(),
                complete,
                row.windows(),
                row.series().size(),
                active.sources(row.series()),
                active.targets(row.series()),
                row.success(),
                row.errors(),
                row.reasons(),
                row.score(),
                row.measures());
    }

    private static long count(Connection connection, String sql, TenantKind of) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, of.tenant());
            statement.setString(2, of.kind());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
