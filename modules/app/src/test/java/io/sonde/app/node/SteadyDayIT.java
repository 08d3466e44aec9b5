package io.sonde.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sonde.core.Batch;
import io.sonde.core.Minute;
import io.sonde.core.Receipt;
import io.sonde.core.Sample;
import io.sonde.core.SourceId;
import io.sonde.core.Tracing;
import io.sonde.qoe.QoeKind;
import io.sonde.upkeep.Upkeep;
import io.sonde.upkeep.UpkeepSettings;
import io.sonde.views.News;
import io.sonde.views.ViewsMetrics;
import io.sonde.views.ViewsSettings;
import io.sonde.views.WindowProjection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A steady load on the real entities and journals while the clock is moved by a minute at a time, with the upkeep once an hour.
 * A database of a day has been vacuumed now and then; here it is once an hour.
 */
class SteadyDayIT {
    /** {@code -Dsonde.test.simulated-hours=24}: a whole day. */
    private static final int HOURS = Integer.getInteger("sonde.test.simulated-hours", 6);

    private static final int SOURCES = 5;
    private static final int TARGETS = 10;
    private static final int BATCHES_A_MINUTE = 2;
    /**
     * In the first hours the journal of closed windows comes to its size: an hour, a snapshot's distance, and an hour between
     * two runs. How much of the journals lies behind a snapshot differs from hour to hour.
     */
    private static final int STEADY_AFTER = 4;

    private static final int MOST_ROWS = 60 + 100 + 60;
    private static final List<String> TABLES =
            List.of("windows_event", "windows_snapshot", "diagnosis_event", "diagnosis_snapshot");

    private final TestEngine engine = new TestEngine();
    private final Set<Long> starts = new HashSet<>();
    private final Random random = new Random(24);
    private final HikariDataSource pool = pool();

    @AfterEach
    void stop() throws Exception {
        engine.stop();
        pool.close();
    }

    @Test
    void theJournalsOfASteadyLoadStayAtTheirSize() throws Exception {
        WindowProjection.init(
                engine.system(),
                pool,
                ViewsSettings.of(engine.system().settings().config()),
                engine.clock(),
                Tracing.OFF,
                windows -> {},
                new News(engine.system()),
                new ViewsMetrics(new PrometheusRegistry()));
        journalAtTheMovedTime();
        UpkeepSettings settings = UpkeepSettings.of(
                ConfigFactory.parseString("sonde.upkeep.keep-journal = 1 h").withFallback(ConfigFactory.load()));
        Upkeep upkeep = new Upkeep(engine.database().dataSource(), settings, "test", engine.clock());
        List<Long> bytes = new ArrayList<>();

        for (int hour = 1; hour <= HOURS; hour++) {
            for (int minute = 1; minute <= 60; minute++) {
                minute((hour - 1) * 60 + minute);
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> engine.count(NOT_COPIED) == 0);
            await().atMost(Duration.ofSeconds(30)).until(() -> engine.count(REPLACED) == 0);
            assertThat(upkeep.run().orElseThrow().errors()).isEmpty();
            bytes.add(size(hour));
        }

        long mostAtFirst = Collections.max(bytes.subList(0, STEADY_AFTER));
        assertThat(bytes.subList(STEADY_AFTER, HOURS))
                .allSatisfy(later -> assertThat(later).isLessThan(mostAtFirst * 5 / 4));
        assertThat(engine.count("SELECT count(*) FROM diagnosis_event")).isLessThanOrEqualTo(SOURCES * MOST_ROWS);
        assertThat(engine.count("SELECT count(*) FROM windows_event"))
                .isLessThanOrEqualTo(SOURCES * 2L * TestEngine.SNAPSHOT_EVERY);
        assertThat(engine.count("SELECT count(*) FROM windows_snapshot")).isLessThanOrEqualTo(SOURCES * 2L);
        assertThat(engine.count("SELECT count(*) FROM diagnosis_snapshot")).isLessThanOrEqualTo(SOURCES * 2L);
        assertThat(engine.count("SELECT count(*) FROM window_1m"))
                .isBetween(closedWindows() * SOURCES * TARGETS, (long) starts.size() * SOURCES * TARGETS);
        recoverAfterTheTrimming();
    }

    /** Whatever was trimmed, an entity that starts again finds no gap, and knows what it has counted. */
    private void recoverAfterTheTrimming() throws Exception {
        Batch last = batch(0);
        Receipt first = engine.record(last);
        engine.restart();

        assertThat(first).isEqualTo(new Receipt(TARGETS, 0, 0, true));
        assertThat(engine.record(last)).isEqualTo(new Receipt(0, TARGETS, 0, true));
        engine.clock().advance(Duration.ofMinutes(1));
        long before = engine.count("SELECT max(ordering) FROM diagnosis_event");
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            engine.windows().wakeUp(source(0).entityId());
            return engine.count("SELECT max(ordering) FROM diagnosis_event") > before;
        });
    }

    private static final String REPLACED = "SELECT count(*) FROM windows_event e JOIN windows_snapshot s"
            + " USING (persistence_id) WHERE e.sequence_number < s.sequence_number";

    private static final String NOT_COPIED =
            """
            SELECT count(*) FROM diagnosis_event e LEFT JOIN projection_offset_store o
                ON o.projection_key = 'slice-' || lpad((hashtext(e.persistence_id) & 15)::text, 2, '0')
            WHERE o.current_offset IS NULL
               OR (e.xid, e.ordering) > (split_part(o.current_offset, '/', 1)::xid8, split_part(o.current_offset, '/', 2)::bigint)
            """;

    private void minute(int number) throws Exception {
        for (int i = 0; i < BATCHES_A_MINUTE; i++) {
            List<CompletionStage<Receipt>> asked = IntStream.range(0, SOURCES)
                    .mapToObj(this::batch)
                    .map(batch -> engine.windows().record(batch))
                    .toList();
            for (CompletionStage<Receipt> receipt : asked) {
                assertThat(receipt.toCompletableFuture().get(20, TimeUnit.SECONDS))
                        .isEqualTo(new Receipt(TARGETS, 0, 0, true));
            }
        }
        engine.clock().advance(Duration.ofMinutes(1));
        engine.execute("UPDATE moved SET ms = " + number * 60_000L);
        long closed = SOURCES * closedWindows();
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> {
                    IntStream.range(0, SOURCES)
                            .forEach(i -> engine.windows().wakeUp(source(i).entityId()));
                    return engine.count("SELECT sum(last_value) FROM diagnosis_event_ordering_seq") >= closed;
                });
    }

    /** Ended, and a little more, for they are handed over then. */
    private long closedWindows() {
        long now = engine.clock().millis();
        return starts.stream().filter(start -> start + 2 * 60_000 <= now).count();
    }

    private Batch batch(int source) {
        long now = engine.clock().millis();
        starts.add(Minute.startOf(now - 1_000));
        List<Sample> samples = IntStream.range(0, TARGETS)
                .mapToObj(target -> new Sample(
                        new UUID(random.nextLong(), random.nextLong()),
                        "https://t" + target + ".example/",
                        now - 1_000,
                        random.doubles(QoeKind.KIND.measures().size(), 20, 30).toArray(),
                        Sample.SUCCESS,
                        ""))
                .toList();
        return new Batch(source(source), now, Map.of("interface_type", "wifi"), samples, false);
    }

    private static SourceId source(int number) {
        return new SourceId("default", "qoe", "office-" + number, 0);
    }

    /** Pekko writes the real time; the upkeep asks the moved one. */
    private void journalAtTheMovedTime() throws Exception {
        engine.execute("CREATE TABLE moved (ms BIGINT); INSERT INTO moved VALUES (0)");
        engine.execute(
                """
                CREATE FUNCTION move() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN
                    NEW.write_timestamp := NEW.write_timestamp + (SELECT ms FROM moved);
                    RETURN NEW;
                END $$""");
        engine.execute("CREATE TRIGGER move BEFORE INSERT ON diagnosis_event FOR EACH ROW EXECUTE FUNCTION move()");
    }

    private long size(int hour) throws Exception {
        StringBuilder line = new StringBuilder("simulated hour " + hour + ":");
        long all = 0;
        for (String table : TABLES) {
            engine.execute("VACUUM " + table);
            long bytes = engine.count("SELECT pg_total_relation_size('" + table + "')");
            line.append(' ').append(table).append(' ').append(bytes).append(" bytes, ");
            line.append(engine.count("SELECT count(*) FROM " + table)).append(" rows;");
            all += bytes;
        }
        System.out.println(line.append(" all ").append(all));
        return all;
    }

    private HikariDataSource pool() {
        HikariConfig config = new HikariConfig();
        config.setDataSource(engine.database().dataSource());
        config.setMaximumPoolSize(6);
        return new HikariDataSource(config);
    }
}
