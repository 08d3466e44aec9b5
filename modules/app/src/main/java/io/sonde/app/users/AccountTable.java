package io.sonde.app.users;

import io.sonde.app.audit.AuditTable;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The people in PostgreSQL. Each change stands in the audit, and ends the sessions of whom it is about. There is always
 * somebody who may administer, once there is anybody who does. Blocking; every method fails with {@link Unavailable} without
 * a database.
 */
public final class AccountTable {
    private static final String ADMINISTRATORS =
            "SELECT name FROM account WHERE tenant = ? AND role = 'admin' AND disabled_at IS NULL ORDER BY name FOR UPDATE";

    private final DataSource dataSource;
    private final Clock clock;

    public AccountTable(DataSource dataSource, Clock clock) {
        this.dataSource = dataSource;
        this.clock = clock;
    }

    /** What became of the wish to change an account. */
    public enum Outcome {
        DONE,
        UNKNOWN,
        /** Nobody could administer any more; nothing was done. */
        LAST_ADMIN
    }

    /**
     * An account and what is stored of its password.
     *
     * @param hash null when it has none
     */
    record Known(Account account, @Nullable String hash) {}

    /**
     * False when there is one of that name already.
     *
     * @param mustChange whether the password was chosen by somebody else
     * @param by who wants it
     */
    public boolean add(String tenant, String name, Role role, String hash, boolean mustChange, String by) {
        var account = new Account(name, tenant, role, now(), null, mustChange, null, null);
        return Transaction.in(dataSource, connection -> {
            String insert = "INSERT INTO account (name, tenant, role, password_hash, created_at, must_change)"
                    + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
            try (PreparedStatement statement = connection.prepareStatement(insert)) {
                statement.setString(1, name);
                statement.setString(2, tenant);
                statement.setString(3, role.code());
                statement.setString(4, hash);
                statement.setObject(5, account.createdAt().atOffset(ZoneOffset.UTC));
                statement.setBoolean(6, mustChange);
                if (statement.executeUpdate() == 0) {
                    return false;
                }
            }
            note(connection, account, by, "user.add", null, account.settings());
            return true;
        });
    }

    /** All of a tenant, by name. */
    public List<Account> list(String tenant) {
        return Transaction.in(dataSource, connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement(AccountColumns.SELECT + "WHERE a.tenant = ? ORDER BY a.name")) {
                statement.setString(1, tenant);
                List<Account> accounts = new ArrayList<>();
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        accounts.add(AccountColumns.account(row));
                    }
                }
                return accounts;
            }
        });
    }

    /** Whether there is anybody at all. */
    public boolean isEmpty() {
        return Transaction.in(dataSource, connection -> {
            try (PreparedStatement statement = connection.prepareStatement("SELECT 1 FROM account LIMIT 1");
                    ResultSet row = statement.executeQuery()) {
                return !row.next();
            }
        });
    }

    Optional<Known> find(String name) {
        return Transaction.in(dataSource, connection -> find(connection, name, ""));
    }

    /** Its sessions end, and who guessed at the former one is forgotten. */
    public Outcome setPassword(String tenant, String name, String hash, boolean mustChange, String by) {
        return change(tenant, name, before -> before, (connection, before, after) -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "UPDATE account SET password_hash = ?, must_change = ? WHERE name = ?")) {
                statement.setString(1, hash);
                statement.setBoolean(2, mustChange);
                statement.setString(3, name);
                statement.executeUpdate();
            }
            AttemptTable.forget(connection, name);
            note(connection, before, by, "user.password", null, null);
        });
    }

    public Outcome setRole(String tenant, String name, Role role, String by) {
        return update(tenant, name, before -> with(before, role, before.disabledAt()), "user.role", by);
    }

    /** Whoever is disabled cannot sign in until it is taken back. */
    public Outcome setDisabled(String tenant, String name, boolean disabled, String by) {
        return update(
                tenant,
                name,
                before ->
                        before.isDisabled() == disabled ? before : with(before, before.role(), disabled ? now() : null),
                disabled ? "user.disable" : "user.enable",
                by);
    }

    public Outcome remove(String tenant, String name, String by) {
        return change(tenant, name, before -> with(before, before.role(), now()), (connection, before, after) -> {
            execute(connection, "DELETE FROM account WHERE name = ?", name);
            note(connection, before, by, "user.remove", before.settings(), null);
        });
    }

    private Outcome update(String tenant, String name, UnaryOperator<Account> wish, String what, String by) {
        return change(tenant, name, wish, (connection, before, after) -> {
            Instant disabledAt = after.disabledAt();
            try (PreparedStatement statement =
                    connection.prepareStatement("UPDATE account SET role = ?, disabled_at = ? WHERE name = ?")) {
                statement.setString(1, after.role().code());
                statement.setObject(2, disabledAt == null ? null : disabledAt.atOffset(ZoneOffset.UTC));
                statement.setString(3, name);
                statement.executeUpdate();
            }
            note(connection, before, by, what, before.settings(), after.settings());
        });
    }

    @FunctionalInterface
    private interface Step {
        void run(Connection connection, Account before, Account after) throws SQLException;
    }

    /** @param wish what it would be afterwards, as far as it matters who may administer */
    private Outcome change(String tenant, String name, UnaryOperator<Account> wish, Step step) {
        return Transaction.in(dataSource, connection -> {
            // Held until the end: of two administrators, who disable each other at the same time, one is refused.
            int administrators = administrators(connection, tenant);
            Optional<Account> before = find(connection, name, " FOR UPDATE OF a")
                    .map(Known::account)
                    .filter(account -> account.tenant().equals(tenant));
            if (before.isEmpty()) {
                return Outcome.UNKNOWN;
            }
            Account after = wish.apply(before.get());
            if (before.get().mayAdminister() && !after.mayAdminister() && administrators == 1) {
                return Outcome.LAST_ADMIN;
            }
            step.run(connection, before.get(), after);
            execute(connection, "DELETE FROM web_session WHERE account = ?", name);
            return Outcome.DONE;
        });
    }

    private static int administrators(Connection connection, String tenant) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ADMINISTRATORS)) {
            statement.setString(1, tenant);
            int count = 0;
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    count++;
                }
            }
            return count;
        }
    }

    private static Optional<Known> find(Connection connection, String name, String lock) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(AccountColumns.SELECT + "WHERE a.name = ?" + lock)) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new Known(AccountColumns.account(row), row.getString("password_hash")))
                        : Optional.empty();
            }
        }
    }

    private void note(
            Connection connection, Account of, String by, String what, @Nullable String before, @Nullable String after)
            throws SQLException {
        AuditTable.insert(connection, new Change(of.tenant(), by, what, of.name(), before, after), clock.instant());
    }

    private static void execute(Connection connection, String sql, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name);
            statement.executeUpdate();
        }
    }

    private static Account with(Account of, Role role, @Nullable Instant disabledAt) {
        return new Account(
                of.name(),
                of.tenant(),
                role,
                of.createdAt(),
                disabledAt,
                of.mustChange(),
                of.lockedUntil(),
                of.lastSeenAt());
    }

    /** As fine as PostgreSQL keeps it. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
