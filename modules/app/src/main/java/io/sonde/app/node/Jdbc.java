package io.sonde.app.node;

import com.typesafe.config.Config;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The connections to PostgreSQL beside the journals' own.
 *
 * @param views for questions, tokens and checks
 * @param projections for the projections alone, one for each thread of theirs
 * @param blocking where JDBC may block: a thread for each connection of {@code views}
 */
record Jdbc(HikariDataSource views, HikariDataSource projections, ExecutorService blocking) implements AutoCloseable {
    private static final String PROJECTION_THREADS =
            "pekko.projection.jdbc.blocking-jdbc-dispatcher.thread-pool-executor.fixed-pool-size";

    static Jdbc open(Config config, NodeSettings.Database database) {
        return new Jdbc(
                pool("sonde-views", database, database.connections()),
                pool("sonde-projections", database, config.getInt(PROJECTION_THREADS)),
                threads(database.connections()));
    }

    @Override
    public void close() {
        blocking.shutdown();
        views.close();
        projections.close();
    }

    private static HikariDataSource pool(String name, NodeSettings.Database database, int connections) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(database.url());
        config.setUsername(database.user());
        config.setPassword(database.password());
        config.setMaximumPoolSize(connections);
        config.setConnectionTimeout(TimeUnit.SECONDS.toMillis(5));
        config.setKeepaliveTime(TimeUnit.MINUTES.toMillis(1));
        config.setInitializationFailTimeout(-1);
        config.addDataSourceProperty("ApplicationName", name);
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("connectTimeout", "5");
        config.addDataSourceProperty("socketTimeout", "60");
        return new HikariDataSource(config);
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
