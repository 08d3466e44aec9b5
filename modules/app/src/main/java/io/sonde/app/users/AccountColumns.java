package io.sonde.app.users;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** An {@link Account} as it is read. */
final class AccountColumns {
    static final String SELECT =
            """
            SELECT a.name, a.tenant, a.role, a.password_hash, a.created_at, a.disabled_at, a.must_change, f.locked_until,
            (SELECT max(s.last_seen_at) FROM web_session s WHERE s.account = a.name) AS last_seen_at
            FROM account a LEFT JOIN sign_in_failure f ON f.sha256 = sha256(convert_to('name:' || a.name, 'UTF8'))
            """;

    private AccountColumns() {}

    static Account account(ResultSet row) throws SQLException {
        return new Account(
                row.getString("name"),
                row.getString("tenant"),
                Role.of(row.getString("role")).orElseThrow(),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                time(row, "disabled_at"),
                row.getBoolean("must_change"),
                time(row, "locked_until"),
                time(row, "last_seen_at"));
    }

    static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
