package io.sonde.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** One real PostgreSQL for the tests of a JVM, on a free port, gone with it. Each {@link Database} is new and migrated. */
public final class PostgresServer {
    private static final String TEMPLATE = "sonde_template";
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final EmbeddedPostgres server;

    private PostgresServer(EmbeddedPostgres server) {
        this.server = server;
    }

    /**
     * A database of its own for one test class.
     *
     * @param url without the user
     */
    public record Database(String url, DataSource dataSource) {
        public String user() {
            return "postgres";
        }
    }

    /** Started on the first call, stopped by a shutdown hook. */
    public static PostgresServer shared() {
        return Holder.SHARED;
    }

    public Database newDatabase() {
        return create(" TEMPLATE " + TEMPLATE);
    }

    /** One that nobody has migrated. */
    public Database newEmptyDatabase() {
        return create("");
    }

    private Database create(String how) {
        String name = "sonde_test_" + DATABASES.incrementAndGet();
        execute("CREATE DATABASE " + name + how);
        return database(name);
    }

    private Database database(String name) {
        String url = server.getJdbcUrl("postgres", name).replaceFirst("\\?.*", "");
        return new Database(url, server.getDatabase("postgres", name));
    }

    private void execute(String sql) {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private static PostgresServer start() {
        try {
            EmbeddedPostgres embedded = EmbeddedPostgres.builder()
                    .setPort(NodeProcess.freePort())
                    .setServerConfig("max_prepared_transactions", "4")
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> close(embedded), "stop-test-postgres"));
            PostgresServer server = new PostgresServer(embedded);
            server.execute("CREATE DATABASE " + TEMPLATE);
            Flyway.configure()
                    .dataSource(server.database(TEMPLATE).dataSource())
                    .load()
                    .migrate();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void close(EmbeddedPostgres embedded) {
        try {
            embedded.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Holder {
        private static final PostgresServer SHARED = start();
    }
}
