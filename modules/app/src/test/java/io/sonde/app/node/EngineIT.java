package io.sonde.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sonde.core.Batch;
import io.sonde.core.Kind;
import io.sonde.core.Minute;
import io.sonde.core.Receipt;
import io.sonde.core.Sample;
import io.sonde.core.SourceId;
import io.sonde.core.WindowAggregate;
import io.sonde.qoe.QoeKind;
import io.sonde.qoe.QoeSignal;
import io.sonde.testkit.PostgresServer;
import io.sonde.views.ViewsSettings;
import io.sonde.views.WindowProjection;
import io.sonde.windows.ShardedWindows;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.ShardRegion.CurrentShardRegionState;
import org.apache.pekko.cluster.sharding.typed.GetShardRegionState;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The engine on its journals, without a front; the watermark follows a clock that the test sets. */
class EngineIT {
    private static final SourceId SOURCE = new SourceId("default", "qoe", "berlin-1", 0);
    private static final int SNAPSHOT_EVERY = 50;
    private static final Duration PAST_LATENESS = Duration.ofMinutes(3);
    /** Handed over at the latest, when the entity looks, this long after it was handed over before. */
    private static final Duration REST = Duration.ofSeconds(5);

    private final PostgresServer.Database database = PostgresServer.shared().newDatabase();
    private final SetClock clock = new SetClock();
    private Running running = start();

    private record Running(ActorSystem<Void> system, Engine engine) {}

    @AfterEach
    void stop() throws Exception {
        terminate();
    }

    @Test
    void aBatchIsCountedOnceAcrossARestartAndItsClosedWindowIsJournalledOnce() throws Exception {
        Batch batch = lastMinute(2);

        Receipt first = record(batch);
        Receipt again = record(batch);
        await().atMost(Duration.ofSeconds(20)).until(() -> closedWindows() == 1);
        terminate();
        running = start();
        Receipt afterRestart = record(batch);

        assertThat(first).isEqualTo(new Receipt(2, 0, 0, true));
        assertThat(again).isEqualTo(new Receipt(0, 2, 0, true));
        assertThat(afterRestart).isEqualTo(new Receipt(0, 2, 0, true));
        assertThat(count("SELECT count(*) FROM windows_event")).isEqualTo(1);
    }

    @Test
    void aSourceRestsWhenItsWindowsAreSealedAndAnOnTimeBatchSentAgainIsADuplicate() throws Exception {
        Batch batch = lastMinute(2);
        record(batch);
        await().atMost(Duration.ofSeconds(20)).until(() -> closedWindows() == 1);
        assertThat(runningEntities()).isEqualTo(1);

        clock.advance(PAST_LATENESS);
        await().atMost(Duration.ofSeconds(20)).until(() -> wokenUp() && noneOpen());
        assertThat(wokenUp()).as("and finds nothing to do").isTrue();
        await().atMost(Duration.ofSeconds(20)).until(() -> runningEntities() == 0);
        Receipt again = record(batch);

        assertThat(again).isEqualTo(new Receipt(0, 2, 0, true));
        assertThat(closedWindows()).isEqualTo(1);
        assertThat(count("SELECT count(*) FROM windows_event"))
                .as("accepted, sealed")
                .isEqualTo(2);
    }

    @Test
    void aLateButAllowedEventMakesANextRevisionOfItsWindow() throws Exception {
        SondeClient sonde = new SondeClient(database);
        ActorSystem<Void> system = running.system();
        ViewsSettings views = ViewsSettings.of(system.settings().config());
        try (Jdbc jdbc = Jdbc.open(
                system.settings().config(),
                NodeSettings.from(system.settings().config().getConfig("sonde")).database())) {
            WindowProjection.init(system, jdbc.projections(), views, clock);
            Batch batch = lastMinute(3);
            String window = SOURCE.source() + " http://a/ "
                    + Minute.startOf(batch.samples().get(0).tsMs());
            record(batch.with(batch.samples().subList(0, 2)));
            await().atMost(Duration.ofSeconds(20)).until(() -> sonde.totals().equals(Map.of(window, 2L)));

            record(batch.with(batch.samples().subList(2, 3)));
            clock.advance(REST);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> wokenUp() && sonde.totals().equals(Map.of(window, 3L)));

            assertThat(closedWindows()).isEqualTo(2);
            terminate();
        }
    }

    @Test
    void theJournalOfABusySourceStaysSmallAndItsWindowsComeBackFromIt() throws Exception {
        Batch thousand = lastMinute(1_000);
        List<CompletionStage<Receipt>> receipts = new ArrayList<>();
        for (Sample sample : thousand.samples()) {
            receipts.add(running.engine().windows().record(thousand.with(List.of(sample))));
            if (receipts.size() == SNAPSHOT_EVERY) {
                for (CompletionStage<Receipt> receipt : receipts) {
                    assertThat(receipt.toCompletableFuture().get(20, TimeUnit.SECONDS))
                            .isEqualTo(new Receipt(1, 0, 0, true));
                }
                receipts.clear();
            }
        }
        List<WindowAggregate> before = openWindows();

        await().atMost(Duration.ofSeconds(20)).until(() -> count("SELECT count(*) FROM windows_event") < 150);
        terminate();
        running = start();

        assertThat(openWindows()).isEqualTo(before).singleElement().satisfies(window -> assertThat(window.total())
                .isEqualTo(1_000));
        assertThat(record(thousand)).isEqualTo(new Receipt(0, 1_000, 0, true));
        assertThat(count("SELECT count(*) FROM windows_snapshot")).isLessThanOrEqualTo(2);
    }

    private long closedWindows() throws SQLException {
        return count("SELECT count(*) FROM diagnosis_event JOIN diagnosis_tag ON event_id = ordering");
    }

    private boolean noneOpen() throws SQLException {
        return count("SELECT count(*) FROM (SELECT event_ser_manifest FROM windows_event ORDER BY sequence_number DESC"
                        + " LIMIT 1) last WHERE event_ser_manifest = '" + ShardedWindows.NONE_OPEN_MANIFEST + "'")
                == 1;
    }

    private boolean wokenUp() {
        running.engine().windows().wakeUp(SOURCE.entityId());
        return true;
    }

    private int runningEntities() throws Exception {
        CurrentShardRegionState state = AskPattern.<GetShardRegionState, CurrentShardRegionState>ask(
                        ClusterSharding.get(running.system()).shardState().narrow(),
                        replyTo -> new GetShardRegionState(EntityTypeKey.create(Object.class, "windows"), replyTo),
                        Duration.ofSeconds(5),
                        running.system().scheduler())
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);
        return state.getShards().stream()
                .mapToInt(shard -> shard.getEntityIds().size())
                .sum();
    }

    private List<WindowAggregate> openWindows() throws Exception {
        return running.engine()
                .windows()
                .of(SOURCE.series("http://a/"))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    private Receipt record(Batch batch) throws Exception {
        return running.engine().windows().record(batch).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private Running start() {
        ActorSystem<Void> started = ActorSystem.create(
                Behaviors.empty(),
                "sonde",
                TestNode.config(database, Map.of("sonde.windows.snapshot-every", Integer.toString(SNAPSHOT_EVERY))));
        Cluster cluster = Cluster.get(started);
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
        try {
            Engine engine = Engine.start(
                    started,
                    List.of(new QoeSignal()),
                    NodeSettings.from(started.settings().config().getConfig("sonde")),
                    clock);
            return new Running(started, engine);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void terminate() throws Exception {
        running.system().terminate();
        running.system().getWhenTerminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private long count(String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** Received now, of the minute before, so that its window has already ended; every tenth event failed. */
    private Batch lastMinute(int samples) {
        Kind kind = QoeKind.KIND;
        long now = clock.millis();
        Random random = new Random(now);
        List<Sample> all = new ArrayList<>();
        for (int i = 1; i <= samples; i++) {
            double[] values = random.doubles(kind.measures().size(), 0, 1_000).toArray();
            boolean failed = i % 10 == 0;
            all.add(new Sample(
                    new UUID(random.nextLong(), random.nextLong()),
                    "http://a/",
                    now - 65_000,
                    values,
                    failed ? 0 : Sample.SUCCESS,
                    failed ? "nxdomain" : ""));
        }
        return new Batch(SOURCE, now, Map.of("interface_type", "wifi"), all, false);
    }
}
