package io.sonde.app.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.sonde.testkit.PostgresServer;
import io.sonde.views.FiguresStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** What is asked of a database of which a part is locked, or that is away. */
class DatabaseMetricsIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final PostgresServer.Database database = PostgresServer.shared().newDatabase();
    private final PGSimpleDataSource asked = new PGSimpleDataSource();
    private final AtomicLong nowMs = new AtomicLong(System.currentTimeMillis());
    private final Clock clock = ((InstantSource) () -> Instant.ofEpochMilli(nowMs.get())).withZone(ZoneOffset.UTC);
    private final ThreadPoolExecutor blocking =
            new ThreadPoolExecutor(3, 3, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final DatabaseMetrics metrics = new DatabaseMetrics(new FiguresStore(asked), clock, registry);

    @BeforeEach
    void begin() throws SQLException {
        asked.setUrl(database.url());
        asked.setUser(database.user());
        asked.setOptions("-c statement_timeout=1s");
        execute(
                """
                INSERT INTO problem (id, version, tenant, kind, scope, label, started_at, members)
                VALUES ('p', 1, 'default', 'qoe', 'PATH', 'dns-bound', to_timestamp(%d / 1000.0), '[]');
                INSERT INTO delivery VALUES ('p', 1, 'p', 'chat', FALSE, 'DUE', 3, now(), 'no answer', NULL)
                """
                        .formatted(nowMs.get() - 60_000));
    }

    @AfterEach
    void stop() {
        blocking.shutdownNow();
    }

    @Test
    void aLockedTableTakesOneThreadAndKeepsNoOtherFigureBack() throws SQLException {
        try (Connection other = database.dataSource().getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE upkeep_run IN ACCESS EXCLUSIVE MODE");

            for (int i = 0; i < 10; i++) {
                metrics.lookOn(blocking);
            }

            assertThat(blocking.getTaskCount()).isEqualTo(1);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(of("sonde_problems_open")).containsExactly(1.0));
            assertThat(of("sonde_database_table_bytes")).isEmpty();
        }

        await().atMost(SOON).untilAsserted(() -> {
            metrics.lookOn(blocking);
            assertThat(of("sonde_database_table_bytes")).isNotEmpty();
        });
    }

    @Test
    void whileTheDatabaseIsAwayAWaitIsShownAsItWasFound() {
        metrics.lookOn(blocking);
        await().atMost(SOON).untilAsserted(() -> assertThat(of("sonde_notifications_oldest_undelivered_seconds"))
                .containsExactly(60.0));

        asked.setPortNumbers(new int[] {1});
        nowMs.addAndGet(3_600_000);
        metrics.lookOn(blocking);

        assertThat(of("sonde_notifications_oldest_undelivered_seconds")).containsExactly(60.0);
    }

    @Test
    void afterALookThatNobodyTookThereIsAnother() {
        metrics.lookOn(task -> {
            throw new RejectedExecutionException();
        });
        metrics.lookOn(blocking);

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(of("sonde_problems_open")).containsExactly(1.0));
    }

    private List<Double> of(String name) {
        return registry.scrape(name::equals).stream()
                .flatMap(found -> ((GaugeSnapshot) found).getDataPoints().stream())
                .map(GaugeDataPointSnapshot::getValue)
                .toList();
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
