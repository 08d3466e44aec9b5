package io.sonde.app.probes;

import io.sonde.core.Unavailable;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** {@code probe}: what is known of probes. Blocking; fails with {@link Unavailable} without a database. */
final class ProbeTable {
    private static final int RETRY_AFTER_S = 2;
    /** A probe that says the same again is noted that often. */
    private static final Duration NOTED_EVERY = Duration.ofMinutes(1);

    private static final String NOTE =
            "INSERT INTO probe (tenant, client_id, version, applied, asked_at) VALUES (?, ?, ?, ?, ?)"
                    + " ON CONFLICT (tenant, client_id) DO UPDATE SET version = EXCLUDED.version,"
                    + " applied = EXCLUDED.applied, asked_at = EXCLUDED.asked_at WHERE probe.asked_at < ?"
                    + " OR probe.version <> EXCLUDED.version OR probe.applied IS DISTINCT FROM EXCLUDED.applied";

    private static final String PAGE =
            """
            WITH named AS (
                SELECT source AS client_id FROM series WHERE tenant = ? AND kind = ? AND last_window > '-infinity'
                UNION SELECT client_id FROM probe WHERE tenant = ?
                UNION SELECT client_id FROM probe_config WHERE tenant = ? AND client_id <> 'default'
            ), page AS (
                SELECT client_id FROM named
                WHERE client_id > ?
                  AND position(lower(? COLLATE "und-x-icu") IN lower(client_id COLLATE "und-x-icu")) > 0
                ORDER BY client_id LIMIT ?
            )
            SELECT p.client_id, s.attributes,
                   (SELECT max(w.last_window) FROM series w WHERE w.tenant = ? AND w.kind = ? AND w.source = p.client_id
                       AND w.last_window > '-infinity') AS last_window,
                   a.version, a.applied, a.asked_at,
                   c.client_id AS of, c.etag, json_array_length(c.config->'targets') AS targets,
                   ARRAY(SELECT json_array_elements_text(c.config->'targets') LIMIT 10) AS first,
                   c.config->>'interval' AS interval, c.changed_at, c.changed_by
            FROM page p
            LEFT JOIN source s ON s.tenant = ? AND s.kind = ? AND s.source = p.client_id
            LEFT JOIN probe a ON a.tenant = ? AND a.client_id = p.client_id
            LEFT JOIN probe_config o ON o.tenant = ? AND o.client_id = p.client_id
            LEFT JOIN probe_config c ON c.tenant = ? AND c.client_id = COALESCE(o.client_id, 'default')
            ORDER BY p.client_id""";

    private final DataSource dataSource;

    ProbeTable(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** @param contains empty for any, cases alike */
    record Wanted(String tenant, String kind, String after, String contains, int limit) {}

    void note(String tenant, String clientId, Probe.Asked asked) {
        ask(NOTE, statement -> {
            statement.setString(1, tenant);
            statement.setString(2, clientId);
            statement.setString(3, asked.version());
            statement.setString(4, asked.applied());
            statement.setObject(5, asked.at().atOffset(ZoneOffset.UTC));
            statement.setObject(6, asked.at().minus(NOTED_EVERY).atOffset(ZoneOffset.UTC));
            return statement.executeUpdate();
        });
    }

    /** In the order of code points. */
    List<Probe> page(Wanted wanted) {
        return ask(PAGE, statement -> {
            String tenant = wanted.tenant();
            String kind = wanted.kind();
            List<Object> values = List.of(
                    tenant,
                    kind,
                    tenant,
                    tenant,
                    wanted.after(),
                    wanted.contains(),
                    wanted.limit(),
                    tenant,
                    kind,
                    tenant,
                    kind,
                    tenant,
                    tenant,
                    tenant);
            for (int i = 0; i < values.size(); i++) {
                statement.setObject(i + 1, values.get(i));
            }
            List<Probe> probes = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    probes.add(probe(row));
                }
            }
            return probes;
        });
    }

    private static Probe probe(ResultSet row) throws SQLException {
        String attributes = row.getString("attributes");
        return new Probe(
                row.getString("client_id"),
                attributes == null ? "{}" : attributes,
                time(row, "last_window"),
                asked(row),
                configured(row));
    }

    private static Probe.@Nullable Asked asked(ResultSet row) throws SQLException {
        Instant at = time(row, "asked_at");
        return at == null ? null : new Probe.Asked(row.getString("version"), row.getString("applied"), at);
    }

    private static Probe.@Nullable Configured configured(ResultSet row) throws SQLException {
        Instant changedAt = time(row, "changed_at");
        if (changedAt == null) {
            return null;
        }
        Array first = row.getArray("first");
        return new Probe.Configured(
                row.getString("of"),
                row.getString("etag"),
                row.getInt("targets"),
                List.of((String[]) first.getArray()),
                row.getString("interval"),
                changedAt,
                row.getString("changed_by"));
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private <T> T ask(String sql, Step<T> step) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            return step.run(statement);
        } catch (SQLException e) {
            throw new Unavailable("the probes cannot be asked: " + e.getMessage(), RETRY_AFTER_S, e);
        }
    }

    @FunctionalInterface
    private interface Step<T> {
        T run(PreparedStatement statement) throws SQLException;
    }
}
