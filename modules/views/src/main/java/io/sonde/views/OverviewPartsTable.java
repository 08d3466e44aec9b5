package io.sonde.views;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;

/** Minutes of all series of a tenant and kind, added up. */
final class OverviewPartsTable {
    private static final String SELECT = "SELECT w.series_id, s.target, w.window_start, w.success, w.errors, w.counts,"
            + " w.mins, w.maxs, w.p50s, w.p95s, w.summary, w.reasons, w.score"
            + " FROM series s JOIN window_1m w ON w.series_id = s.series_id"
            + " WHERE s.tenant = ? AND s.kind = ? AND s.last_window >= ? AND s.first_window < ?"
            + " AND w.window_start >= ? AND w.window_start < ?";
    private static final int FETCH_SIZE = 500;

    private OverviewPartsTable() {}

    /** By start, those that have windows; not in autocommit, or all windows are kept at once. */
    static SortedMap<Long, OverviewRow> minutes(Connection connection, TenantKind of, Span span) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SELECT)) {
            statement.setFetchSize(FETCH_SIZE);
            statement.setString(1, of.tenant());
            statement.setString(2, of.kind());
            for (int at : new int[] {3, 5}) {
                statement.setObject(at, Columns.time(span.fromMs()));
                statement.setObject(at + 1, Columns.time(span.toMs()));
            }
            Map<Long, OverviewSum> sums = new HashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    long startMs = Columns.epochMs(rows.getObject("window_start", OffsetDateTime.class));
                    sums.computeIfAbsent(startMs, any -> new OverviewSum())
                            .add(
                                    rows.getLong("series_id"),
                                    WindowColumns.aggregate(rows),
                                    Diagnosis.ofScore(WindowColumns.score(rows)));
                }
            }
            return OverviewSum.rows(sums);
        }
    }
}
