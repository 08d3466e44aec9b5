package io.sonde.query;

import io.sonde.core.ClosedWindowsFormat;
import io.sonde.core.Distribution;
import io.sonde.core.Packer;
import io.sonde.core.SourceId;
import io.sonde.core.Summary;
import io.sonde.testkit.PostgresServer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A read side whose rows are written by hand: as the schema says, not as the code that is tested would. */
final class Stored {
    final DataSource dataSource = PostgresServer.shared().newDatabase().dataSource();

    /** One verdict, as it is stored. */
    static final String VERDICT =
            """
            {"label": "dns-bound", "grave": true, "severity": 3.5, "evidence": [
              {"of": "dns_p95", "unit": "ms", "observed": 80.0, "threshold": 34.5,
               "baseline": {"mean": 23.0, "deviation": 0.25, "windows": 10},
               "same_hour": {"mean": 21.5, "deviation": 2.0, "windows": 7}},
              {"of": "dns_p95 / total_p95", "unit": "", "observed": 0.75, "threshold": 0.6,
               "baseline": null, "same_hour": null}]}""";

    /**
     * A minute with these DNS times and totals, nothing else measured, and two failed connects; judged, but for the
     * target {@code …old…}.
     */
    void minute(String tenant, String source, String target, Instant start, double... dns) throws Exception {
        long series = series(tenant, source, target, start);
        double[] sorted = dns.clone();
        Arrays.sort(sorted);
        List<Distribution> measures = List.of(
                distribution(sorted),
                Distribution.EMPTY,
                Distribution.EMPTY,
                Distribution.EMPTY,
                Distribution.EMPTY,
                distribution(sorted));
        tail(tenant, 0, series, start, sorted);
        tail(tenant, 5, series, start, sorted);
        boolean judged = !target.contains("old");
        execute(
                "INSERT INTO window_1m (series_id, window_start, updated_at, revision, success, errors, counts, mins,"
                        + " maxs, p50s, p95s, summary, reasons, label, score, rules, verdicts) VALUES (?, ?, ?, ?, ?, '{0,2,0,0,0}',"
                        + " ARRAY[?,0,0,0,0,?]::int[], ARRAY[?,NULL,NULL,NULL,NULL,?], ARRAY[?,NULL,NULL,NULL,NULL,?],"
                        + " ARRAY[?,NULL,NULL,NULL,NULL,?], ARRAY[?,NULL,NULL,NULL,NULL,?], ?, '{\"1:refused\":2}',"
                        + " ?, ?, ?, ?::jsonb)",
                statement -> {
                    statement.setLong(1, series);
                    statement.setObject(2, start.atOffset(ZoneOffset.UTC));
                    statement.setObject(3, start.plusMillis(62_345).atOffset(ZoneOffset.UTC));
                    statement.setInt(4, dns.length + 2);
                    statement.setInt(5, dns.length);
                    for (int i = 0; i < 2; i++) {
                        statement.setInt(6 + i, dns.length);
                        statement.setDouble(8 + i, sorted[0]);
                        statement.setDouble(10 + i, sorted[sorted.length - 1]);
                        statement.setDouble(12 + i, measures.get(0).p50());
                        statement.setDouble(14 + i, measures.get(0).p95());
                    }
                    statement.setBytes(16, ClosedWindowsFormat.writeSummaries(measures));
                    statement.setString(17, judged ? "dns-bound" : null);
                    statement.setObject(18, judged ? 42 : null, Types.SMALLINT);
                    statement.setString(19, judged ? "qoe-1" : null);
                    statement.setString(20, judged ? "[" + VERDICT + "]" : null);
                });
        execute(
                "INSERT INTO rollup_due VALUES ('1h', date_trunc('hour', ?::timestamptz, 'UTC'), ?) ON CONFLICT DO NOTHING",
                statement -> {
                    statement.setObject(1, start.atOffset(ZoneOffset.UTC));
                    statement.setLong(2, series);
                });
    }

    /** All values of one window; its revision says that two more events failed. */
    private void tail(String tenant, int measure, long series, Instant start, double... sorted) throws Exception {
        boolean sketched = sorted.length > Summary.EXACT_UP_TO;
        Packer tail =
                new Packer(64).u8(1).count(series).count(sorted.length + 2).count(sorted.length);
        tail.count(sorted.length * 2L + (sketched ? 1 : 0));
        long last = 0;
        for (int i = sorted.length - 1; i >= 0; i--) {
            long thousandths = Math.round(sorted[i] * 1_000);
            tail.signed(i == sorted.length - 1 ? thousandths : last - thousandths);
            last = thousandths;
            if (sketched) {
                tail.number(1);
            }
        }
        byte[] bytes = tail.toBytes();
        execute(
                "INSERT INTO window_tail (tenant, kind, measure, window_start, tails) VALUES (?, 'qoe', ?, ?, ?)",
                statement -> {
                    statement.setString(1, tenant);
                    statement.setInt(2, measure);
                    statement.setObject(3, start.atOffset(ZoneOffset.UTC));
                    statement.setBytes(4, bytes);
                });
    }

    /** A minute of these series together, with these totals, nothing else measured, and two failed connects; score 42. */
    void overview(String tenant, String source, Instant start, List<String> targets, double... totals)
            throws Exception {
        Packer series = new Packer(16).u8(1);
        long end = 0;
        for (String target : targets) {
            long id = series(tenant, source, target, start);
            series.count(id - end).count(1);
            end = id + 1;
        }
        double[] sorted = totals.clone();
        Arrays.sort(sorted);
        Distribution total = distribution(sorted);
        List<Distribution> measures = List.of(
                Distribution.EMPTY,
                Distribution.EMPTY,
                Distribution.EMPTY,
                Distribution.EMPTY,
                Distribution.EMPTY,
                total);
        execute(
                "INSERT INTO overview SELECT ?, 'qoe', '1m', ?, ?, n, '{0,2,0,0,0}', n + 2, 42 * (n + 2),"
                        + " ARRAY[0,0,0,0,0,n], ARRAY[NULL,NULL,NULL,NULL,NULL,?], ARRAY[NULL,NULL,NULL,NULL,NULL,?],"
                        + " ARRAY[NULL,NULL,NULL,NULL,NULL,?], ARRAY[NULL,NULL,NULL,NULL,NULL,?], ?, '{\"1:refused\":2}', ?"
                        + " FROM (SELECT ?::bigint AS n) counted",
                statement -> {
                    statement.setString(1, tenant);
                    statement.setObject(2, start.atOffset(ZoneOffset.UTC));
                    statement.setInt(3, targets.size());
                    statement.setDouble(4, total.min());
                    statement.setDouble(5, total.max());
                    statement.setDouble(6, total.p50());
                    statement.setDouble(7, total.p95());
                    statement.setBytes(8, ClosedWindowsFormat.writeSummaries(measures));
                    statement.setBytes(9, series.toBytes());
                    statement.setLong(10, totals.length);
                });
    }

    /** Seen for ten minutes from the onset on. */
    void incident(String id, String tenant, String source, String target, String label, String state, Instant onset)
            throws Exception {
        long series = series(tenant, source, target, Instant.EPOCH);
        execute(
                "INSERT INTO incident (id, series_id, label, state, version, onset, opened, last_seen, ended, peak,"
                        + " peak_verdict, rules, timeline, updated_at) SELECT ?, ?, ?, ?, 4, o, o + INTERVAL '2 min',"
                        + " o + INTERVAL '10 min', CASE WHEN ? THEN NULL ELSE o + INTERVAL '11 min' END,"
                        + " o + INTERVAL '3 min', ?::jsonb, 'qoe-1', '[{\"window_start_ts\":\"2026-11-20T09:00:00Z\","
                        + "\"label\":\"dns-bound\"}]', o + INTERVAL '12 min' FROM (SELECT ?::timestamptz AS o) onset",
                statement -> {
                    statement.setString(1, id);
                    statement.setLong(2, series);
                    statement.setString(3, label);
                    statement.setString(4, state);
                    statement.setBoolean(5, state.equals("open"));
                    statement.setString(6, VERDICT);
                    statement.setObject(7, onset.atOffset(ZoneOffset.UTC));
                });
    }

    /** @param source a pattern, null for any; likewise the target */
    void silence(
            String id, String tenant, @Nullable String source, @Nullable String target, Instant from, Instant until)
            throws Exception {
        execute("INSERT INTO silence VALUES (?, ?, NULL, ?, ?, ?, ?, 'eva', 'new router')", statement -> {
            statement.setString(1, id);
            statement.setString(2, tenant);
            statement.setString(3, source);
            statement.setString(4, target);
            statement.setObject(5, from.atOffset(ZoneOffset.UTC));
            statement.setObject(6, until.atOffset(ZoneOffset.UTC));
        });
    }

    void says(String source, String attributes) throws Exception {
        execute("INSERT INTO source VALUES ('default', 'qoe', ?, ?::jsonb, now())", statement -> {
            statement.setString(1, source);
            statement.setString(2, attributes);
        });
    }

    /** The journal of open windows has an event of the source. */
    void journalled(SourceId source) throws Exception {
        execute(
                "INSERT INTO windows_event (persistence_id, sequence_number, writer, event_ser_id, event_ser_manifest,"
                        + " event_payload) VALUES (?, 1, '', 0, '', '')",
                statement -> statement.setString(1, source.entityId()));
    }

    /** The rows of {@code agg_1m}, each by column. */
    List<Map<String, String>> agg1m(String target) throws Exception {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("SELECT * FROM agg_1m WHERE target = ? ORDER BY window_start_ts")) {
            statement.setString(1, target);
            try (ResultSet rows = statement.executeQuery()) {
                Stream.Builder<Map<String, String>> found = Stream.builder();
                while (rows.next()) {
                    Map<String, String> row = new LinkedHashMap<>();
                    for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                        row.put(rows.getMetaData().getColumnName(i), String.valueOf(rows.getString(i)));
                    }
                    found.add(row);
                }
                return found.build().toList();
            }
        }
    }

    private long series(String tenant, String source, String target, Instant start) throws Exception {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "INSERT INTO series (tenant, kind, source, target, target_hash, first_window, last_window)"
                                + " VALUES (?, 'qoe', ?, ?, ?, ?, ?) ON CONFLICT (tenant, kind, source, target_hash)"
                                + " DO UPDATE SET last_window = greatest(series.last_window, excluded.last_window)"
                                + " RETURNING series_id")) {
            statement.setString(1, tenant);
            statement.setString(2, source);
            statement.setString(3, target);
            statement.setBytes(4, MessageDigest.getInstance("SHA-256").digest(target.getBytes(StandardCharsets.UTF_8)));
            statement.setObject(5, start.atOffset(ZoneOffset.UTC));
            statement.setObject(6, start.atOffset(ZoneOffset.UTC));
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    private static Distribution distribution(double... sorted) {
        return new Distribution(
                sorted.length,
                sorted[0],
                sorted[sorted.length - 1],
                sorted[Summary.nearestRank(sorted.length, 0.5)],
                sorted[Summary.nearestRank(sorted.length, 0.95)],
                Summary.of(sorted, sorted.length));
    }

    void execute(String sql, Setter setter) throws Exception {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            setter.set(statement);
            statement.execute();
        }
    }

    /** Sets the parameters of a statement. */
    interface Setter {
        void set(PreparedStatement statement) throws Exception;
    }
}
