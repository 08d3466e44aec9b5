package io.sonde.views;

import io.sonde.core.ClosedWindowsFormat;
import io.sonde.core.Distribution;
import io.sonde.core.Summary;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Minutes of some series, of which one measure is read. */
final class MeasureTable {
    private static final String SELECT =
            "SELECT w.series_id, w.window_start, w.counts[m.i] AS count, w.mins[m.i] AS min,"
                    + " w.maxs[m.i] AS max, w.p50s[m.i] AS p50, w.p95s[m.i] AS p95, w.summary"
                    + " FROM window_1m w CROSS JOIN (SELECT ?::int AS i) m"
                    + " WHERE w.series_id = ANY(?) AND w.window_start >= ? AND w.window_start < ? AND w.counts[m.i] > 0"
                    + " ORDER BY w.series_id, w.window_start";

    private MeasureTable() {}

    /** One minute that has values. */
    record Minute(long startMs, Distribution measure) {}

    /** In the order of time; no entry for a series without values. */
    static Map<Long, List<Minute>> minutes(Connection connection, Collection<Long> series, WorstQuery query)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SELECT)) {
            statement.setInt(1, query.measure() + 1);
            statement.setArray(2, connection.createArrayOf("int8", series.toArray()));
            statement.setObject(3, Columns.time(query.fromMs()));
            statement.setObject(4, Columns.time(query.toMs()));
            Map<Long, List<Minute>> found = new LinkedHashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.computeIfAbsent(rows.getLong("series_id"), any -> new ArrayList<>())
                            .add(minute(rows, query.measure()));
                }
            }
            return found;
        }
    }

    private static Minute minute(ResultSet rows, int measure) throws SQLException {
        Summary summary =
                ClosedWindowsFormat.readSummaries(rows.getBytes("summary")).get(measure);
        double min = rows.getDouble("min");
        boolean summarySaysAll = rows.wasNull();
        return new Minute(
                Columns.epochMs(rows.getObject("window_start", OffsetDateTime.class)),
                new Distribution(
                        rows.getLong("count"),
                        summarySaysAll ? summary.quantile(0) : min,
                        summarySaysAll ? summary.quantile(1) : rows.getDouble("max"),
                        rows.getDouble("p50"),
                        rows.getDouble("p95"),
                        summary));
    }
}
