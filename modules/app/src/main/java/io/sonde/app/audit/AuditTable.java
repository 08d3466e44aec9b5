package io.sonde.app.audit;

import io.sonde.core.Audit;
import io.sonde.core.Unavailable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code audit}: who changed what, when, and what it was before. */
public final class AuditTable implements Audit {
    private static final Logger LOG = LoggerFactory.getLogger(AuditTable.class);
    private static final int RETRY_AFTER_S = 2;
    private static final String INSERT =
            "INSERT INTO audit (tenant, at, who, what, subject, before, after) VALUES (?, ?, ?, ?, ?, ?::jsonb, ?::jsonb)";
    private static final String PAGE =
            """
            SELECT id, tenant, at, who, what, subject, before::text AS before, after::text AS after FROM audit
            WHERE tenant = ? AND at >= ? AND at < ? AND (? = '' OR who = ?) AND (? = '' OR what = ? OR starts_with(what, ?))
            AND id < ? ORDER BY id DESC LIMIT ?""";

    private final DataSource dataSource;
    private final Executor blocking;
    private final Clock clock;

    /** @param blocking where JDBC may block */
    public AuditTable(DataSource dataSource, Executor blocking, Clock clock) {
        this.dataSource = dataSource;
        this.blocking = blocking;
        this.clock = clock;
    }

    /** A change as it is stored. */
    public record Entry(long id, Instant at, Change change) {}

    /**
     * What is asked for.
     *
     * @param who empty for anybody
     * @param what empty for anything; {@code token} is for all that was done to tokens
     * @param beforeId only what was noted before that
     */
    public record Query(String tenant, Instant from, Instant to, String who, String what, long beforeId, int limit) {}

    @Override
    public void note(Change change) {
        Instant at = clock.instant();
        try {
            blocking.execute(() -> store(change, at));
        } catch (RejectedExecutionException e) {
            lost(change, e);
        }
    }

    private void store(Change change, Instant at) {
        try (Connection connection = dataSource.getConnection()) {
            insert(connection, change, at);
        } catch (SQLException e) {
            lost(change, e);
        }
    }

    private static void lost(Change change, Exception e) {
        LOG.warn(
                "{} {} by {} holds, but cannot be stored: {}",
                change.what(),
                change.subject(),
                change.who(),
                e.getMessage());
    }

    /** For who changes something in a transaction, and notes it in the same. */
    public static void insert(Connection connection, Change change, Instant at) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            statement.setString(1, change.tenant());
            setTime(statement, 2, at);
            statement.setString(3, change.who());
            statement.setString(4, change.what());
            statement.setString(5, change.subject());
            statement.setString(6, change.before());
            statement.setString(7, change.after());
            statement.executeUpdate();
        }
    }

    /** The latest first. Blocking; fails with {@link Unavailable} without a database. */
    public List<Entry> page(Query query) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(PAGE)) {
            statement.setString(1, query.tenant());
            setTime(statement, 2, query.from());
            setTime(statement, 3, query.to());
            statement.setString(4, query.who());
            statement.setString(5, query.who());
            statement.setString(6, query.what());
            statement.setString(7, query.what());
            statement.setString(8, query.what() + ".");
            statement.setLong(9, query.beforeId());
            statement.setInt(10, query.limit());
            return entries(statement);
        } catch (SQLException e) {
            throw new Unavailable("the audit cannot be asked: " + e.getMessage(), RETRY_AFTER_S, e);
        }
    }

    private static List<Entry> entries(PreparedStatement statement) throws SQLException {
        List<Entry> entries = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                entries.add(new Entry(
                        row.getLong("id"),
                        row.getObject("at", OffsetDateTime.class).toInstant(),
                        change(row)));
            }
        }
        return entries;
    }

    private static Change change(ResultSet row) throws SQLException {
        @Nullable String before = row.getString("before");
        @Nullable String after = row.getString("after");
        return new Change(
                row.getString("tenant"),
                row.getString("who"),
                row.getString("what"),
                row.getString("subject"),
                before,
                after);
    }

    private static void setTime(PreparedStatement statement, int index, Instant time) throws SQLException {
        statement.setObject(index, time.atOffset(ZoneOffset.UTC));
    }
}
