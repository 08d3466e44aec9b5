package io.sonde.app.users;

import io.sonde.testkit.PostgresServer;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** The tables of a database of their own, at a time that a test sets. */
final class People {
    static final String TENANT = "default";
    static final Password PASSWORD = new Password("correct horse battery");
    static final String HASH = PasswordHash.of(PASSWORD, new SecureRandom());

    final DataSource database = PostgresServer.shared().newDatabase().dataSource();
    final SetTime clock = new SetTime();
    final SignInSettings settings = new SignInSettings(Duration.ofHours(12), Duration.ofDays(7), false);
    final AccountTable accounts = new AccountTable(database, clock);
    final AttemptTable attempts = new AttemptTable(database, clock);
    final SessionTable sessions = new SessionTable(database, settings, new SecureRandom(), clock);

    void add(String name, Role role) {
        accounts.add(TENANT, name, role, HASH, false, "a test");
    }

    SessionTable.Begun signedIn(String name) {
        return sessions.begin(accounts.find(name).orElseThrow()).orElseThrow();
    }

    /** The columns of each row, joined. */
    List<String> rows(String sql) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (row.next()) {
                List<String> columns = new ArrayList<>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    columns.add(String.valueOf(row.getString(i)));
                }
                rows.add(String.join(" | ", columns));
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static final class SetTime extends Clock {
        private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

        void forward(Duration step) {
            now = now.plus(step);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
