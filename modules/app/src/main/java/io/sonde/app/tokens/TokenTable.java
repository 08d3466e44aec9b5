package io.sonde.app.tokens;

import io.sonde.core.Scope;
import io.sonde.core.Unavailable;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The tokens in PostgreSQL, by their SHA-256. Blocking; every method fails with {@link Unavailable} without a database. */
public final class TokenTable {
    private static final String COLUMNS =
            "tenant, id, scope, client_id, note, created_at, expires_at, revoked_at, last_used_at";
    private static final int RETRY_AFTER_S = 2;

    private final DataSource dataSource;
    private final Clock clock;
    private final SecureRandom random;

    public TokenTable(DataSource dataSource, Clock clock, SecureRandom random) {
        this.dataSource = dataSource;
        this.clock = clock;
        this.random = random;
    }

    /** A token just made: the only time its text is there to be shown. */
    public record Issued(Token token, StoredToken stored) {}

    /** What became of the wish to revoke. */
    public enum Revocation {
        REVOKED,
        ALREADY_REVOKED,
        UNKNOWN,
        /** More than one id begins like that; nothing was done. */
        AMBIGUOUS
    }

    public Issued create(NewToken wish) {
        Token token = Token.generate(wish.scope(), random);
        var stored = new StoredToken(
                wish.tenant(),
                token.id(),
                wish.scope(),
                wish.clientId(),
                wish.note(),
                now(),
                wish.expiresAt(),
                null,
                null);
        query("INSERT INTO token (sha256, " + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)", statement -> {
            statement.setBytes(1, token.sha256());
            statement.setString(2, stored.tenant());
            statement.setString(3, stored.id());
            statement.setString(4, stored.scope().code());
            statement.setString(5, stored.clientId());
            statement.setString(6, stored.note());
            setTime(statement, 7, stored.createdAt());
            setTime(statement, 8, stored.expiresAt());
            return statement.executeUpdate();
        });
        return new Issued(token, stored);
    }

    /** All of a tenant, revoked and expired ones too, the newest first. */
    public List<StoredToken> list(String tenant) {
        return query("SELECT " + COLUMNS + " FROM token WHERE tenant = ? ORDER BY created_at DESC, id", statement -> {
            statement.setString(1, tenant);
            return rows(statement);
        });
    }

    /** @param idOrPrefix enough of the id to name one token */
    public Revocation revoke(String tenant, String idOrPrefix) {
        List<StoredToken> named = query(
                "SELECT " + COLUMNS + " FROM token WHERE tenant = ? AND starts_with(id, ?) LIMIT 2", statement -> {
                    statement.setString(1, tenant);
                    statement.setString(2, idOrPrefix);
                    return rows(statement);
                });
        if (named.isEmpty() || idOrPrefix.isEmpty()) {
            return Revocation.UNKNOWN;
        }
        return named.size() > 1 ? Revocation.AMBIGUOUS : revoke(named.get(0));
    }

    private Revocation revoke(StoredToken token) {
        int rows = query(
                "UPDATE token SET revoked_at = ? WHERE tenant = ? AND id = ? AND revoked_at IS NULL", statement -> {
                    setTime(statement, 1, now());
                    statement.setString(2, token.tenant());
                    statement.setString(3, token.id());
                    return statement.executeUpdate();
                });
        return rows == 1 ? Revocation.REVOKED : Revocation.ALREADY_REVOKED;
    }

    /** Also when it is revoked or expired. */
    public Optional<StoredToken> find(byte[] sha256) {
        return query("SELECT " + COLUMNS + ", sha256 FROM token WHERE sha256 = ?", statement -> {
            statement.setBytes(1, sha256);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && MessageDigest.isEqual(sha256, row.getBytes("sha256"))
                        ? Optional.of(token(row))
                        : Optional.empty();
            }
        });
    }

    /** Notes its use, at most once a minute however many nodes see it. */
    void used(StoredToken token) {
        Instant now = now();
        query(
                "UPDATE token SET last_used_at = ? WHERE tenant = ? AND id = ?"
                        + " AND (last_used_at IS NULL OR last_used_at <= ?)",
                statement -> {
                    setTime(statement, 1, now);
                    statement.setString(2, token.tenant());
                    statement.setString(3, token.id());
                    setTime(statement, 4, now.minus(1, ChronoUnit.MINUTES));
                    return statement.executeUpdate();
                });
    }

    private static List<StoredToken> rows(PreparedStatement statement) throws SQLException {
        List<StoredToken> tokens = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                tokens.add(token(row));
            }
        }
        return tokens;
    }

    private static StoredToken token(ResultSet row) throws SQLException {
        return new StoredToken(
                row.getString("tenant"),
                row.getString("id"),
                Scope.valueOf(row.getString("scope").toUpperCase(Locale.ROOT)),
                row.getString("client_id"),
                row.getString("note"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                time(row, "expires_at"),
                time(row, "revoked_at"),
                time(row, "last_used_at"));
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static void setTime(PreparedStatement statement, int index, @Nullable Instant time) throws SQLException {
        statement.setObject(index, time == null ? null : time.atOffset(ZoneOffset.UTC));
    }

    /** As fine as PostgreSQL keeps it, so that what is returned is what is read later. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private <T> T query(String sql, Step<T> step) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            return step.run(statement);
        } catch (SQLException e) {
            throw new Unavailable("the tokens cannot be asked: " + e.getMessage(), RETRY_AFTER_S, e);
        }
    }

    @FunctionalInterface
    private interface Step<T> {
        T run(PreparedStatement statement) throws SQLException;
    }
}
