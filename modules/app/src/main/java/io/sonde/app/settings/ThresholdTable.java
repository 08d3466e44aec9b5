package io.sonde.app.settings;

import io.sonde.app.audit.AuditTable;
import io.sonde.core.Audit;
import io.sonde.core.Grant;
import io.sonde.core.Unavailable;
import io.sonde.edge.Json;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** {@code threshold}: what was set for all nodes. Blocking; fails with {@link Unavailable} without a database. */
public final class ThresholdTable {
    private static final int RETRY_AFTER_S = 2;
    private static final String SELECT = "SELECT key, value, changed_at, changed_by FROM threshold ORDER BY key";
    private static final String INSERT =
            "INSERT INTO threshold (key, value, changed_at, changed_by) VALUES (?, ?, ?, ?)";

    private final DataSource dataSource;

    public ThresholdTable(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** By their keys. */
    public List<SetThreshold> all() {
        return ask(ThresholdTable::all);
    }

    /**
     * From now on these hold and no others, or nothing changes; with a line in the audit when one is other than before. One
     * that says what it said keeps who set it.
     *
     * @return what holds
     */
    List<SetThreshold> replace(Grant grant, List<SetThreshold> wanted, Instant now) {
        return ask(connection -> {
            connection.setAutoCommit(false);
            try {
                run(connection, "LOCK TABLE threshold IN EXCLUSIVE MODE");
                List<SetThreshold> before = all(connection);
                run(connection, "DELETE FROM threshold");
                insert(connection, wanted.stream().map(one -> kept(one, before)).toList());
                List<SetThreshold> after = all(connection);
                if (!after.equals(before)) {
                    AuditTable.insert(
                            connection,
                            Audit.Change.by(grant, "threshold.set", "all nodes", json(before), json(after)),
                            now);
                }
                connection.commit();
                return after;
            } finally {
                connection.rollback();
            }
        });
    }

    private static String json(List<SetThreshold> thresholds) {
        return Json.object(json -> {
            for (SetThreshold one : thresholds) {
                json.writeStringField(one.key(), one.value());
            }
        });
    }

    private static SetThreshold kept(SetThreshold wanted, List<SetThreshold> before) {
        return before.stream()
                .filter(one -> one.key().equals(wanted.key()) && one.value().equals(wanted.value()))
                .findFirst()
                .orElse(wanted);
    }

    private static List<SetThreshold> all(Connection connection) throws SQLException {
        List<SetThreshold> all = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(SELECT);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                all.add(new SetThreshold(
                        row.getString(1),
                        row.getString(2),
                        row.getObject(3, OffsetDateTime.class).toInstant(),
                        row.getString(4)));
            }
        }
        return all;
    }

    private static void insert(Connection connection, List<SetThreshold> thresholds) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            for (SetThreshold one : thresholds) {
                statement.setString(1, one.key());
                statement.setString(2, one.value());
                statement.setObject(3, one.at().atOffset(ZoneOffset.UTC));
                statement.setString(4, one.by());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.execute();
        }
    }

    private <T> T ask(Question<T> question) {
        try (Connection connection = dataSource.getConnection()) {
            return question.of(connection);
        } catch (SQLException e) {
            throw new Unavailable("the thresholds cannot be asked: " + e.getMessage(), RETRY_AFTER_S, e);
        }
    }

    @FunctionalInterface
    private interface Question<T> {
        T of(Connection connection) throws SQLException;
    }
}
