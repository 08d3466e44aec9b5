package io.sonde.app.users;

import io.sonde.app.tokens.Sha256;
import io.sonde.core.Unavailable;
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
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Who has signed in, by the SHA-256 of the secret in their cookie. Blocking; every method fails with {@link Unavailable}
 * without a database.
 */
final class SessionTable {
    private static final int SECRET_BYTES = 32;
    private static final String FIND =
            "SELECT s.csrf, s.last_seen_at AS seen, s.expires_at AS ends, a.* FROM web_session s JOIN ("
                    + AccountColumns.SELECT + ") a ON a.name = s.account WHERE s.sha256 = ?";
    private static final String INSERT = "INSERT INTO web_session (sha256, account, csrf, created_at, last_seen_at,"
            + " expires_at) VALUES (?, ?, ?, ?, ?, ?)";
    /** Waits for whoever is changing the account, and then finds it changed. */
    private static final String AS_IT_WAS = "SELECT 1 FROM account WHERE name = ? AND disabled_at IS NULL"
            + " AND password_hash IS NOT DISTINCT FROM ? FOR SHARE";

    private final DataSource dataSource;
    private final SignInSettings settings;
    private final SecureRandom random;
    private final Clock clock;

    SessionTable(DataSource dataSource, SignInSettings settings, SecureRandom random, Clock clock) {
        this.dataSource = dataSource;
        this.settings = settings;
        this.random = random;
        this.clock = clock;
    }

    /** A session that has just begun: the only time its secret is there to be shown. */
    record Begun(String secret, StoredSession stored) {
        @Override
        public String toString() {
            return "Begun[" + stored.account().name() + "]";
        }
    }

    /** Empty when the account is another than it was when the password was looked at. */
    Optional<Begun> begin(AccountTable.Known of) {
        Instant now = now();
        Account account = of.account();
        var begun = begun(account, now);
        StoredSession session = begun.stored();
        return Transaction.in(dataSource, connection -> {
            if (!isAsItWas(connection, of)) {
                return Optional.empty();
            }
            try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
                statement.setBytes(1, session.sha256());
                statement.setString(2, account.name());
                statement.setString(3, session.csrf());
                setTime(statement, 4, now);
                setTime(statement, 5, now);
                setTime(statement, 6, session.expiresAt());
                statement.executeUpdate();
            }
            return Optional.of(begun);
        });
    }

    private Begun begun(Account account, Instant now) {
        String secret = secret();
        String id = HexFormat.of().formatHex(Sha256.of(secret));
        return new Begun(
                secret, new StoredSession(id, account, secret(), now, settings.idle(), now.plus(settings.absolute())));
    }

    private static boolean isAsItWas(Connection connection, AccountTable.Known of) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(AS_IT_WAS)) {
            @Nullable String hash = of.hash();
            statement.setString(1, of.account().name());
            statement.setString(2, hash);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    /** Also when it has ended. */
    Optional<StoredSession> find(byte[] sha256) {
        return Transaction.in(dataSource, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(FIND)) {
                statement.setBytes(1, sha256);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() ? Optional.of(session(sha256, row)) : Optional.empty();
                }
            }
        });
    }

    private StoredSession session(byte[] sha256, ResultSet row) throws SQLException {
        return new StoredSession(
                HexFormat.of().formatHex(sha256),
                AccountColumns.account(row),
                row.getString("csrf"),
                row.getObject("seen", OffsetDateTime.class).toInstant(),
                settings.idle(),
                row.getObject("ends", OffsetDateTime.class).toInstant());
    }

    /** Notes its use, at most once a minute however many nodes see it. */
    void used(StoredSession session) {
        Instant now = now();
        Transaction.in(dataSource, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "UPDATE web_session SET last_seen_at = ? WHERE sha256 = ? AND last_seen_at <= ?")) {
                setTime(statement, 1, now);
                statement.setBytes(2, session.sha256());
                setTime(statement, 3, now.minus(1, ChronoUnit.MINUTES));
                return statement.executeUpdate();
            }
        });
    }

    /** How many there were: one, or none when it has ended already. */
    int end(String id) {
        return Transaction.in(dataSource, connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("DELETE FROM web_session WHERE sha256 = ?")) {
                statement.setBytes(1, HexFormat.of().parseHex(id));
                return statement.executeUpdate();
            }
        });
    }

    /** 256 bits, of characters that a cookie takes as they are. */
    private String secret() {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    private static void setTime(PreparedStatement statement, int index, Instant time) throws SQLException {
        statement.setObject(index, time.atOffset(ZoneOffset.UTC));
    }

    /** As fine as PostgreSQL keeps it, so that what is returned is what is read later. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
