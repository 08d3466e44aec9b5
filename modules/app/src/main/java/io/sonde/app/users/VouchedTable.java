package io.sonde.app.users;

import io.sonde.app.audit.AuditTable;
import io.sonde.app.users.AccountTable.Known;
import io.sonde.app.users.OidcProvider.Vouched;
import io.sonde.core.Audit.Change;
import io.sonde.core.Unavailable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Accounts of people whom a provider vouches for: they have no password here, and the role that the provider says. Blocking;
 * fails with {@link Unavailable} without a database.
 */
final class VouchedTable {
    private static final String TENANT = "default";
    private static final String BY = "oidc";

    private final DataSource dataSource;
    private final Clock clock;

    VouchedTable(DataSource dataSource, Clock clock) {
        this.dataSource = dataSource;
        this.clock = clock;
    }

    /**
     * The account of who is vouched for, made or changed as the provider says. Empty when it is disabled, or the name is none or
     * somebody else's: nobody becomes another by being called the same.
     */
    Optional<Known> known(Vouched who) {
        return Transaction.in(dataSource, connection -> {
            Optional<Account> found = find(connection, who.subject());
            if (found.isEmpty()) {
                return added(connection, who);
            }
            Account account = found.get();
            if (account.isDisabled()) {
                return Optional.empty();
            }
            if (account.role() == who.role()) {
                return Optional.of(new Known(account, null));
            }
            return Optional.of(new Known(withRole(connection, account, who.role()), null));
        });
    }

    private static Optional<Account> find(Connection connection, String subject) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(AccountColumns.SELECT + "WHERE a.subject = ? FOR UPDATE OF a")) {
            statement.setString(1, subject);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(AccountColumns.account(row)) : Optional.empty();
            }
        }
    }

    private Optional<Known> added(Connection connection, Vouched who) throws SQLException {
        String name = who.name().strip().toLowerCase(Locale.ROOT);
        if (!Account.isName(name)) {
            return Optional.empty();
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var account = new Account(name, TENANT, who.role(), now, null, false, null, null);
        try (PreparedStatement statement =
                connection.prepareStatement("INSERT INTO account (name, tenant, role, created_at, must_change, subject)"
                        + " VALUES (?, ?, ?, ?, FALSE, ?) ON CONFLICT DO NOTHING")) {
            statement.setString(1, name);
            statement.setString(2, TENANT);
            statement.setString(3, who.role().code());
            statement.setObject(4, now.atOffset(ZoneOffset.UTC));
            statement.setString(5, who.subject());
            if (statement.executeUpdate() == 0) {
                return Optional.empty();
            }
        }
        note(connection, account, "user.add", null, account);
        return Optional.of(new Known(account, null));
    }

    private Account withRole(Connection connection, Account before, Role role) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("UPDATE account SET role = ? WHERE name = ?")) {
            statement.setString(1, role.code());
            statement.setString(2, before.name());
            statement.executeUpdate();
        }
        try (PreparedStatement statement = connection.prepareStatement("DELETE FROM web_session WHERE account = ?")) {
            statement.setString(1, before.name());
            statement.executeUpdate();
        }
        var after = new Account(before.name(), TENANT, role, before.createdAt(), null, before.mustChange(), null, null);
        note(connection, after, "user.role", before, after);
        return after;
    }

    private void note(Connection connection, Account of, String what, @Nullable Account before, Account after)
            throws SQLException {
        AuditTable.insert(
                connection,
                new Change(TENANT, BY, what, of.name(), before == null ? null : before.settings(), after.settings()),
                clock.instant());
    }
}
