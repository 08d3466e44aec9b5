package io.sonde.bench;

import io.sonde.core.ClosedWindowsFormat;
import io.sonde.core.Summary;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** {@code agg_1m} with the values behind its percentiles, of the clients of a ledger. */
final class StoredWindowsTable {
    private static final List<String> STAGES = List.of("dns", "tcp", "tls", "http", "throughput");
    private static final List<String> MEASURES = List.of("dns", "tcp", "tls", "ttfb", "throughput");
    private static final int TCP = 1;
    private static final String OF_CLIENTS =
            """
            SELECT a.*, (extract(epoch FROM a.window_start_ts) * 1000)::bigint AS start_ms, w.summary
            FROM agg_1m a
            JOIN series s ON s.tenant = a.tenant AND s.kind = 'qoe' AND s.source = a.client_id AND s.target = a.target
            JOIN window_1m w ON w.series_id = s.series_id AND w.window_start = a.window_start_ts
            WHERE starts_with(a.client_id, ?)
            """;

    private final DataSource database;
    private final String prefix;

    /** @param prefix how the names of the clients begin */
    StoredWindowsTable(DataSource database, String prefix) {
        this.database = database;
        this.prefix = prefix;
    }

    Map<WindowCounts.Window, StoredWindow> read() throws SQLException {
        Map<WindowCounts.Window, StoredWindow> stored = new HashMap<>();
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(OF_CLIENTS)) {
            statement.setString(1, prefix);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    stored.put(
                            new WindowCounts.Window(
                                    row.getString("client_id"), row.getString("target"), row.getLong("start_ms")),
                            window(row));
                }
            }
        }
        return stored;
    }

    private static StoredWindow window(ResultSet row) throws SQLException {
        List<Long> errors = new ArrayList<>();
        for (String stage : STAGES) {
            errors.add(row.getLong(stage + "_error_count"));
        }
        List<Double> percentiles = new ArrayList<>();
        for (String measure : MEASURES) {
            percentiles.add(number(row, measure + "_p50"));
            percentiles.add(number(row, measure + "_p95"));
        }
        long success = row.getLong("count_success");
        Summary tcp = ClosedWindowsFormat.readSummaries(row.getBytes("summary")).get(TCP);
        return new StoredWindow(row.getLong("count_total"), success, errors, percentiles, values(tcp, success));
    }

    /** @param count of values, which every event that succeeded has one of */
    private static List<Double> values(Summary summary, long count) {
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < count && summary.exact(); i++) {
            values.add(summary.quantile((i + 0.5) / count));
        }
        return values;
    }

    private static double number(ResultSet row, String column) throws SQLException {
        double value = row.getDouble(column);
        return row.wasNull() ? Double.NaN : value;
    }
}
