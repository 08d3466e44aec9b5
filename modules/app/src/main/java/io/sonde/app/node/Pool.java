package io.sonde.app.node;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The connections of the read side, its projections and the tokens. */
final class Pool {
    private Pool() {}

    static HikariDataSource open(NodeSettings.Database database) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("sonde-views");
        config.setJdbcUrl(database.url());
        config.setUsername(database.user());
        config.setPassword(database.password());
        config.setMaximumPoolSize(database.connections());
        config.setConnectionTimeout(TimeUnit.SECONDS.toMillis(5));
        config.setKeepaliveTime(TimeUnit.MINUTES.toMillis(1));
        config.setInitializationFailTimeout(-1);
        config.addDataSourceProperty("ApplicationName", "sonde-views");
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("connectTimeout", "5");
        config.addDataSourceProperty("socketTimeout", "60");
        return new HikariDataSource(config);
    }

    /** Where JDBC may block: a thread for each connection. */
    static ExecutorService executor(NodeSettings.Database database) {
        AtomicInteger number = new AtomicInteger();
        return Executors.newFixedThreadPool(database.connections(), task -> {
            Thread thread = new Thread(task, "sonde-jdbc-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }
}
