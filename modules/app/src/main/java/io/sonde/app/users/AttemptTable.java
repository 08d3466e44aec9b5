package io.sonde.app.users;

import io.sonde.app.users.Attempt.Of;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** {@code sign_in_failure}: how often who failed, on all nodes together and across restarts. Blocking. */
final class AttemptTable {
    private static final Duration FORGOTTEN_AFTER = Duration.ofDays(1);
    private static final String HOLD =
            """
            INSERT INTO sign_in_failure (sha256, failures, last_at) VALUES (?, 0, ?)
            ON CONFLICT (sha256) DO UPDATE SET sha256 = EXCLUDED.sha256 RETURNING failures, last_at, locked_until""";
    private static final String COUNT =
            "UPDATE sign_in_failure SET failures = ?, last_at = ?, locked_until = ? WHERE sha256 = ?";
    private static final String TAKE_BACK =
            "UPDATE sign_in_failure SET failures = greatest(failures - 1, 0), locked_until = NULL WHERE sha256 = ?";
    private static final String FORGET = "DELETE FROM sign_in_failure WHERE sha256 = ?";

    private final DataSource dataSource;
    private final Clock clock;

    AttemptTable(DataSource dataSource, Clock clock) {
        this.dataSource = dataSource;
        this.clock = clock;
    }

    private record Past(int failures, @Nullable Instant lockedUntil) {}

    /**
     * Counts it as a failure before anybody knows whether it is one, so that a hundred at once are no more guesses than a
     * hundred one after another.
     *
     * @return how long to wait when it is not listened to; it is not counted then
     */
    Optional<Duration> begin(Attempt attempt) {
        Instant now = clock.instant();
        return Transaction.in(dataSource, connection -> {
            Map<Of, Past> past = new HashMap<>();
            Duration wait = Duration.ZERO;
            for (Of one : attempt.sorted()) {
                Past found = hold(connection, one, now);
                past.put(one, found);
                Instant until = found.lockedUntil();
                if (until != null && Duration.between(now, until).compareTo(wait) > 0) {
                    wait = Duration.between(now, until);
                }
            }
            if (!wait.isZero()) {
                return Optional.of(wait);
            }
            for (Map.Entry<Of, Past> one : past.entrySet()) {
                count(connection, one.getKey(), one.getValue().failures() + 1, now);
            }
            return Optional.empty();
        });
    }

    /** It was none: what it cost is given back, and its name begins anew. */
    void succeeded(Attempt attempt) {
        Transaction.in(dataSource, connection -> {
            for (Of one : attempt.sorted()) {
                with(connection, one.equals(attempt.name()) ? FORGET : TAKE_BACK, one);
            }
            return true;
        });
    }

    /** Also for who is given another password. */
    static void forget(Connection connection, String name) throws SQLException {
        with(connection, FORGET, Attempt.ofName(name));
    }

    private static Past hold(Connection connection, Of one, Instant now) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(HOLD)) {
            statement.setBytes(1, bytes(one));
            statement.setObject(2, now.atOffset(ZoneOffset.UTC));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                Instant last = row.getObject("last_at", OffsetDateTime.class).toInstant();
                OffsetDateTime until = row.getObject("locked_until", OffsetDateTime.class);
                return last.plus(FORGOTTEN_AFTER).isBefore(now)
                        ? new Past(0, null)
                        : new Past(row.getInt("failures"), until == null ? null : until.toInstant());
            }
        }
    }

    private static void count(Connection connection, Of one, int failures, Instant now) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(COUNT)) {
            statement.setInt(1, failures);
            statement.setObject(2, now.atOffset(ZoneOffset.UTC));
            statement.setObject(
                    3,
                    one.rule()
                            .after(failures)
                            .map(wait -> now.plus(wait).atOffset(ZoneOffset.UTC))
                            .orElse(null));
            statement.setBytes(4, bytes(one));
            statement.executeUpdate();
        }
    }

    private static void with(Connection connection, String sql, Of one) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setBytes(1, bytes(one));
            statement.executeUpdate();
        }
    }

    private static byte[] bytes(Of one) {
        return HexFormat.of().parseHex(one.key());
    }
}
