package io.sonde.app.probes;

import io.sonde.app.audit.AuditTable;
import io.sonde.core.Audit;
import io.sonde.core.Grant;
import io.sonde.core.Unavailable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import javax.sql.DataSource;

/** {@code probe_config}: what probes are told to measure. Blocking; fails with {@link Unavailable} without a database. */
final class ProbeConfigTable {
    private static final int RETRY_AFTER_S = 2;
    private static final String SELECT =
            "SELECT client_id, config, etag, changed_at, changed_by FROM probe_config WHERE tenant = ? AND client_id ";
    /** Who changes the same one waits; also where there is no row yet that could be locked. */
    private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('probe_config ' || ?, 0))";

    private static final String UPSERT =
            "INSERT INTO probe_config (tenant, client_id, config, etag, changed_at, changed_by)"
                    + " VALUES (?, ?, ?::json, ?, ?, ?) ON CONFLICT (tenant, client_id) DO UPDATE SET"
                    + " config = EXCLUDED.config, etag = EXCLUDED.etag, changed_at = EXCLUDED.changed_at,"
                    + " changed_by = EXCLUDED.changed_by";
    private static final String DELETE = "DELETE FROM probe_config WHERE tenant = ? AND client_id = ?";

    private final DataSource dataSource;
    private final Clock clock;

    ProbeConfigTable(DataSource dataSource, Clock clock) {
        this.dataSource = dataSource;
        this.clock = clock;
    }

    /**
     * What became of the wish to change it.
     *
     * @param done false when the precondition did not hold; then nothing has changed
     */
    record Change(Optional<ProbeConfig> before, boolean done) {}

    /** Its own, or else the default one. */
    Optional<ProbeConfig> of(String tenant, String clientId) {
        return ask(connection -> find(
                connection,
                SELECT + "IN (?, '" + ProbeConfig.DEFAULT + "') ORDER BY client_id = ? DESC",
                tenant,
                clientId,
                clientId));
    }

    Change put(Grant grant, ProbeConfig config, Precondition precondition) {
        return change(grant, config.clientId(), Optional.of(config), precondition, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(UPSERT)) {
                statement.setString(1, grant.tenant());
                statement.setString(2, config.clientId());
                statement.setString(3, config.json());
                statement.setString(4, config.etag());
                statement.setObject(5, config.changedAt().atOffset(ZoneOffset.UTC));
                statement.setString(6, config.changedBy());
                return statement.executeUpdate();
            }
        });
    }

    Change delete(Grant grant, String clientId, Precondition precondition) {
        return change(grant, clientId, Optional.empty(), precondition, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(DELETE)) {
                statement.setString(1, grant.tenant());
                statement.setString(2, clientId);
                return statement.executeUpdate();
            }
        });
    }

    /** With its line in the audit, or not at all. */
    private Change change(
            Grant grant,
            String clientId,
            Optional<ProbeConfig> after,
            Precondition precondition,
            Question<Integer> write) {
        return ask(connection -> {
            connection.setAutoCommit(false);
            try {
                lock(connection, grant.tenant() + " " + clientId);
                Optional<ProbeConfig> before = find(connection, SELECT + "= ?", grant.tenant(), clientId);
                boolean allowed = precondition.allows(before);
                if (allowed && write.of(connection) > 0) {
                    AuditTable.insert(
                            connection,
                            Audit.Change.by(
                                    grant,
                                    after.isPresent() ? "probe-config.set" : "probe-config.remove",
                                    clientId,
                                    before.map(ProbeConfig::json).orElse(null),
                                    after.map(ProbeConfig::json).orElse(null)),
                            clock.instant());
                }
                connection.commit();
                return new Change(before, allowed);
            } finally {
                connection.rollback();
            }
        });
    }

    private static void lock(Connection connection, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
            statement.setString(1, name);
            statement.execute();
        }
    }

    private static Optional<ProbeConfig> find(Connection connection, String sql, String... texts) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < texts.length; i++) {
                statement.setString(i + 1, texts[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new ProbeConfig(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getObject(4, OffsetDateTime.class).toInstant(),
                                row.getString(5)))
                        : Optional.empty();
            }
        }
    }

    private <T> T ask(Question<T> question) {
        try (Connection connection = dataSource.getConnection()) {
            return question.of(connection);
        } catch (SQLException e) {
            throw new Unavailable("the configurations of probes cannot be asked: " + e.getMessage(), RETRY_AFTER_S, e);
        }
    }

    @FunctionalInterface
    private interface Question<T> {
        T of(Connection connection) throws SQLException;
    }
}
