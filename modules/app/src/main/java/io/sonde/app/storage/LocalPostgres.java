package io.sonde.app.storage;

import io.sonde.app.problem.ExitCode;
import io.sonde.app.problem.Problem;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A PostgreSQL of our own on the loopback interface: real storage under a data folder, with a generated password. */
public final class LocalPostgres implements AutoCloseable {
    private static final String DATABASE = "sonde";

    private final DataFolder.Lock lock;
    private final Cluster cluster;
    private final Postmaster postmaster;

    private LocalPostgres(DataFolder.Lock lock, Cluster cluster, Postmaster postmaster) {
        this.lock = lock;
        this.cluster = cluster;
        this.postmaster = postmaster;
    }

    /** Blocks until connections are taken; a first start initialises the folder. Holds the folder's lock until closed. */
    public static LocalPostgres start(DataFolder data) {
        DataFolder.Lock lock = data.lock();
        try {
            Cluster cluster = Cluster.prepare(data);
            LocalPostgres postgres = new LocalPostgres(lock, cluster, Postmaster.start(cluster));
            postgres.checkSettings();
            return postgres;
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** The one another process runs on the folder; empty when that one is not ready. */
    public static Optional<DatabaseAddress> runningOn(DataFolder data) {
        return Cluster.running(data.database())
                .filter(Cluster.Running::ready)
                .flatMap(running -> data.databasePassword().read().map(password -> address(running.port(), password)));
    }

    public DatabaseAddress address() {
        return address(postmaster.port(), cluster.password());
    }

    public Path log() {
        return cluster.data().log("postgres");
    }

    /** Completes when PostgreSQL ends, by {@link #close()} or by itself. */
    public CompletionStage<?> exit() {
        return postmaster.exit();
    }

    @Override
    public void close() {
        try {
            postmaster.stop();
        } finally {
            lock.close();
        }
    }

    long pid() {
        return postmaster.pid();
    }

    private static DatabaseAddress address(int port, String password) {
        return new DatabaseAddress("jdbc:postgresql://127.0.0.1:" + port + "/" + DATABASE, Cluster.SUPERUSER, password);
    }

    private void checkSettings() {
        DatabaseAddress maintenance = new DatabaseAddress(
                "jdbc:postgresql://127.0.0.1:" + postmaster.port() + "/postgres",
                Cluster.SUPERUSER,
                cluster.password());
        try (Connection connection =
                        DriverManager.getConnection(maintenance.url(), maintenance.user(), maintenance.password());
                Statement statement = connection.createStatement()) {
            for (Map.Entry<String, String> wanted : Postmaster.DURABLE.entrySet()) {
                requireSetting(statement, wanted.getKey(), wanted.getValue());
            }
            createDatabase(statement);
        } catch (SQLException e) {
            postmaster.stop();
            throw new Problem(ExitCode.UNREACHABLE, "PostgreSQL on " + cluster.folder() + ": " + e.getMessage(), e);
        } catch (Problem e) {
            postmaster.stop();
            throw e;
        }
    }

    private static void requireSetting(Statement statement, String name, String wanted) throws SQLException {
        try (ResultSet row = statement.executeQuery("SHOW " + name)) {
            row.next();
            if (!row.getString(1).equals(wanted)) {
                throw new Problem(
                        ExitCode.FAILED,
                        "PostgreSQL runs with " + name + " = " + row.getString(1) + " and must have " + wanted
                                + ", or acknowledged data could be lost");
            }
        }
    }

    private static void createDatabase(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")) {
            if (row.next()) {
                return;
            }
        }
        statement.execute("CREATE DATABASE " + DATABASE);
    }
}
