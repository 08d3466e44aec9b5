package io.sonde.app.storage;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import scala.concurrent.Future;
import scala.concurrent.Promise;
import scala.runtime.BoxedUnit;
import slick.jdbc.JdbcBackend.JdbcDatabaseDef;

/** Threads that write to the journals' database; they end by themselves, for nobody closes what a plugin has made. */
final class JournalWriters {
    private static final long IDLE_S = 10;

    private final JdbcDatabaseDef database;
    private final Executor threads;

    /** A statement, in a transaction of its own. */
    @FunctionalInterface
    interface Write {
        void on(Connection connection) throws SQLException;
    }

    /** @param most writes at a time; what is more waits */
    JournalWriters(JdbcDatabaseDef database, String name, int most) {
        this.database = database;
        var pool = new ThreadPoolExecutor(most, most, IDLE_S, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
        pool.allowCoreThreadTimeOut(true);
        this.threads = pool;
    }

    /** Fails with what {@code write} throws. */
    Future<BoxedUnit> run(Write write) {
        Promise<BoxedUnit> written = Promise.apply();
        threads.execute(() -> {
            try {
                inConnection(write);
                written.success(BoxedUnit.UNIT);
            } catch (SQLException | RuntimeException e) {
                written.failure(e);
            }
        });
        return written.future();
    }

    private void inConnection(Write write) throws SQLException {
        try (Connection connection = database.source().createConnection()) {
            write.on(connection);
        }
    }
}
