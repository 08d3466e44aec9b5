package io.sonde.app.node;

import io.sonde.app.users.AccountTable;
import io.sonde.app.users.Password;
import io.sonde.app.users.PasswordHash;
import io.sonde.app.users.Role;
import io.sonde.testkit.PostgresServer;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;

/** People in a test's database, all with one password. */
final class TestPeople {
    private final PostgresServer.Database database;
    private final AccountTable accounts;
    private final String hash;

    TestPeople(PostgresServer.Database database, String password) {
        this.database = database;
        this.accounts = new AccountTable(database.dataSource(), Clock.systemUTC());
        this.hash = PasswordHash.of(new Password(password), new SecureRandom());
    }

    void add(String name, String role) {
        accounts.add("default", name, Role.of(role).orElseThrow(), hash, false, "a test");
    }

    void disable(String name) {
        accounts.setDisabled("default", name, true, "a test");
    }

    void forgetFailures() {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DELETE FROM sign_in_failure");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
