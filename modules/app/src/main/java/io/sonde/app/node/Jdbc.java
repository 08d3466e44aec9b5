package io.sonde.app.node;

import com.typesafe.config.Config;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.IMetricsTracker;
import com.zaxxer.hikari.metrics.MetricsTrackerFactory;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections to PostgreSQL beside the journals' own.
 *
 * @param views for questions, tokens and checks
 * @param projections for the projections alone, one for each thread of theirs
 * @param blocking where JDBC may block: a thread for each connection of {@code views}
 */
record Jdbc(HikariDataSource views, HikariDataSource projections, ExecutorService blocking) implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Jdbc.class);
    static final String PROJECTION_THREADS =
            "pekko.projection.jdbc.blocking-jdbc-dispatcher.thread-pool-executor.fixed-pool-size";

    /** Longer than a question or a sweep may take. */
    private static final Duration VIEWS_ANSWER = Duration.ofSeconds(15);
    /** Longer than dropping a month or rolling up a batch takes. */
    private static final Duration PROJECTIONS_ANSWER = Duration.ofSeconds(60);

    private static final Duration IDLE_IN_TRANSACTION = Duration.ofSeconds(10);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);
    private static final Duration CONNECT = Duration.ofSeconds(3);

    /** With nobody looking at what the pools do. */
    static Jdbc open(Config config, NodeSettings.Database database) {
        return open(config, database, (pool, stats) -> new IMetricsTracker() {});
    }

    /** @param metrics told what the pools do */
    static Jdbc open(Config config, NodeSettings.Database database, MetricsTrackerFactory metrics) {
        return new Jdbc(
                pool("sonde-views", database, database.connections(), VIEWS_ANSWER, metrics),
                pool("sonde-projections", database, config.getInt(PROJECTION_THREADS), PROJECTIONS_ANSWER, metrics),
                threads(database.connections()));
    }

    @Override
    public void close() {
        blocking.shutdown();
        CountDownLatch closed = new CountDownLatch(2);
        close(views, closed);
        close(projections, closed);
        try {
            if (!closed.await(CLOSE_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                LOG.info("connections to the database are still closing");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A pool waits for the connections it is just opening, which takes its time while the database is away. */
    private static void close(HikariDataSource pool, CountDownLatch closed) {
        Thread thread = new Thread(
                () -> {
                    pool.close();
                    closed.countDown();
                },
                "close-" + pool.getPoolName());
        thread.setDaemon(true);
        thread.start();
    }

    /** @param answer after which a connection that says nothing is given up: half-open, it would wedge the pool */
    private static HikariDataSource pool(
            String name,
            NodeSettings.Database database,
            int connections,
            Duration answer,
            MetricsTrackerFactory metrics) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setMetricsTrackerFactory(metrics);
        config.setJdbcUrl(database.url());
        config.setUsername(database.user());
        config.setPassword(database.password());
        config.setMaximumPoolSize(connections);
        config.setConnectionTimeout(CONNECT.toMillis());
        config.setValidationTimeout(CONNECT.toMillis() / 2);
        config.setMaxLifetime(TimeUnit.MINUTES.toMillis(30));
        config.setKeepaliveTime(TimeUnit.MINUTES.toMillis(1));
        config.setInitializationFailTimeout(-1);
        config.addDataSourceProperty("ApplicationName", name);
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("connectTimeout", Long.toString(CONNECT.toSeconds()));
        config.addDataSourceProperty("socketTimeout", Long.toString(answer.toSeconds()));
        config.addDataSourceProperty("options", limits(answer));
        return new HikariDataSource(config);
    }

    /**
     * Kept by the server itself, for a node that is frozen or cut off between two statements: nobody's projection reads
     * past a transaction that stays open.
     */
    private static String limits(Duration answer) {
        return "-c statement_timeout=" + answer.minusSeconds(1).toSeconds() + "s"
                + " -c idle_in_transaction_session_timeout=" + IDLE_IN_TRANSACTION.toSeconds() + "s";
    }

    private static ExecutorService threads(int count) {
        AtomicInteger number = new AtomicInteger();
        return Executors.newFixedThreadPool(count, task -> {
            Thread thread = new Thread(task, "sonde-jdbc-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }
}
