package io.sonde.testkit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;

/** Incidents put straight into the read side: as the schema says, not as the code that is tested would. */
public final class StoredIncidents {
    private static final String SERIES =
            """
            INSERT INTO series (tenant, kind, source, target, target_hash, first_window, last_window)
            VALUES ('default', 'qoe', ?, ?, ?, now(), now())
            ON CONFLICT (tenant, kind, source, target_hash) DO NOTHING
            """;

    private static final String INCIDENT =
            """
            INSERT INTO incident (id, series_id, label, state, version, onset, opened, last_seen, peak, peak_verdict, rules,
                                  timeline, updated_at)
            SELECT ?, series_id, 'server-bound', 'open', 1, t, t, t, t, ?::jsonb, 'qoe-1', '[]', now()
            FROM series, (SELECT date_trunc('minute', now()) - INTERVAL '5 min' AS t) start
            WHERE source = ? AND target = ?
            """;

    private static final String VERDICT =
            """
            {"label": "server-bound", "grave": true, "severity": %s, "evidence": [
              {"of": "ttfb_p95", "unit": "ms", "observed": 800.0, "threshold": 120.0,
               "baseline": {"mean": 100.0, "deviation": 10.0, "windows": 10}, "same_hour": null}]}""";

    private static final String END =
            "UPDATE incident SET state = 'cleared', version = version + 1, ended = now(), updated_at = now() WHERE id = ?";

    private final DataSource dataSource;

    public StoredIncidents(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Its id; that the server is slow, for five minutes. */
    public String open(String source, String target, double severity) throws SQLException {
        String id = UUID.randomUUID().toString();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement series = connection.prepareStatement(SERIES);
                PreparedStatement incident = connection.prepareStatement(INCIDENT)) {
            connection.setAutoCommit(false);
            series.setString(1, source);
            series.setString(2, target);
            series.setBytes(3, sha256(target));
            series.executeUpdate();
            incident.setString(1, id);
            incident.setString(2, VERDICT.formatted(severity));
            incident.setString(3, source);
            incident.setString(4, target);
            incident.executeUpdate();
            connection.commit();
        }
        return id;
    }

    public void end(String id) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement end = connection.prepareStatement(END)) {
            end.setString(1, id);
            end.executeUpdate();
        }
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
