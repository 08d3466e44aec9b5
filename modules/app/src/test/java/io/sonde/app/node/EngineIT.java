package io.sonde.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sonde.core.Batch;
import io.sonde.core.Minute;
import io.sonde.core.Receipt;
import io.sonde.core.Sample;
import io.sonde.core.Tracing;
import io.sonde.core.WindowAggregate;
import io.sonde.testkit.SondeClient;
import io.sonde.views.News;
import io.sonde.views.ViewsMetrics;
import io.sonde.views.ViewsSettings;
import io.sonde.views.WindowProjection;
import io.sonde.windows.ShardedWindows;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.sharding.ShardRegion.CurrentShardRegionState;
import org.apache.pekko.cluster.sharding.typed.GetShardRegionState;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The engine on its journals, without a front; the watermark follows a clock that the test sets. */
class EngineIT {
    private static final Duration PAST_LATENESS = Duration.ofMinutes(3);
    /** Handed over at the latest, when the entity looks, this long after it was handed over before. */
    private static final Duration REST = Duration.ofSeconds(5);

    private final TestEngine engine = new TestEngine();

    @AfterEach
    void stop() throws Exception {
        engine.stop();
    }

    @Test
    void aBatchIsCountedOnceAcrossARestartAndItsClosedWindowIsJournalledOnce() throws Exception {
        Batch batch = engine.lastMinute(2);

        Receipt first = engine.record(batch);
        Receipt again = engine.record(batch);
        await().atMost(Duration.ofSeconds(20)).until(() -> closedWindows() == 1);
        engine.restart();
        Receipt afterRestart = engine.record(batch);

        assertThat(first).isEqualTo(new Receipt(2, 0, 0, true));
        assertThat(again).isEqualTo(new Receipt(0, 2, 0, true));
        assertThat(afterRestart).isEqualTo(new Receipt(0, 2, 0, true));
        assertThat(engine.count("SELECT count(*) FROM windows_event")).isEqualTo(1);
    }

    @Test
    void aSourceRestsWhenItsWindowsAreSealedAndAnOnTimeBatchSentAgainIsADuplicate() throws Exception {
        Batch batch = engine.lastMinute(2);
        engine.record(batch);
        await().atMost(Duration.ofSeconds(20)).until(() -> closedWindows() == 1);
        assertThat(runningEntities()).isEqualTo(1);

        engine.clock().advance(PAST_LATENESS);
        await().atMost(Duration.ofSeconds(20)).until(() -> wokenUp() && noneOpen());
        assertThat(wokenUp()).as("and finds nothing to do").isTrue();
        await().atMost(Duration.ofSeconds(20)).until(() -> runningEntities() == 0);
        Receipt again = engine.record(batch);

        assertThat(again).isEqualTo(new Receipt(0, 2, 0, true));
        assertThat(closedWindows()).isEqualTo(1);
        assertThat(engine.count("SELECT count(*) FROM windows_event"))
                .as("accepted, sealed")
                .isEqualTo(2);
    }

    @Test
    void aLateButAllowedEventMakesANextRevisionOfItsWindow() throws Exception {
        SondeClient sonde = new SondeClient(engine.database().dataSource(), TestNode.adminToken(engine.database()));
        ActorSystem<Void> system = engine.system();
        ViewsSettings views = ViewsSettings.of(system.settings().config());
        try (Jdbc jdbc = Jdbc.open(
                system.settings().config(),
                NodeSettings.from(system.settings().config().getConfig("sonde")).database())) {
            WindowProjection.init(
                    system,
                    jdbc.projections(),
                    views,
                    engine.clock(),
                    Tracing.OFF,
                    windows -> {},
                    new News(system),
                    new ViewsMetrics(new PrometheusRegistry()));
            Batch batch = engine.lastMinute(3);
            String window = TestEngine.SOURCE.source() + " http://a/ "
                    + Minute.startOf(batch.samples().get(0).tsMs());
            engine.record(batch.with(batch.samples().subList(0, 2)));
            await().atMost(Duration.ofSeconds(20)).until(() -> sonde.totals().equals(Map.of(window, 2L)));

            engine.record(batch.with(batch.samples().subList(2, 3)));
            engine.clock().advance(REST);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> wokenUp() && sonde.totals().equals(Map.of(window, 3L)));

            assertThat(closedWindows()).isEqualTo(2);
            engine.stop();
        }
    }

    @Test
    void theWindowsOfABusySourceComeBackFromASnapshotAndWhatCameAfterIt() throws Exception {
        Batch thousand = engine.lastMinute(1_000);
        List<CompletionStage<Receipt>> receipts = new ArrayList<>();
        for (Sample sample : thousand.samples()) {
            receipts.add(engine.windows().record(thousand.with(List.of(sample))));
            if (receipts.size() == TestEngine.SNAPSHOT_EVERY) {
                for (CompletionStage<Receipt> receipt : receipts) {
                    assertThat(receipt.toCompletableFuture().get(20, TimeUnit.SECONDS))
                            .isEqualTo(new Receipt(1, 0, 0, true));
                }
                receipts.clear();
            }
        }
        List<WindowAggregate> before = openWindows();

        int afterSnapshot = 1_000 - TestEngine.SNAPSHOT_EVERY;
        await().atMost(Duration.ofSeconds(20))
                .until(() -> engine.count("SELECT count(*) FROM windows_event") <= afterSnapshot + 1);
        engine.restart();

        assertThat(openWindows()).isEqualTo(before).singleElement().satisfies(window -> assertThat(window.total())
                .isEqualTo(1_000));
        assertThat(engine.record(thousand)).isEqualTo(new Receipt(0, 1_000, 0, true));
        assertThat(engine.count("SELECT count(*) FROM windows_snapshot")).isEqualTo(1);
    }

    private long closedWindows() throws SQLException {
        return engine.count("SELECT count(*) FROM diagnosis_event");
    }

    private boolean noneOpen() throws SQLException {
        return engine.count(
                        "SELECT count(*) FROM (SELECT event_ser_manifest FROM windows_event ORDER BY sequence_number DESC"
                                + " LIMIT 1) last WHERE event_ser_manifest = '" + ShardedWindows.NONE_OPEN_MANIFEST
                                + "'")
                == 1;
    }

    private boolean wokenUp() {
        engine.windows().wakeUp(TestEngine.SOURCE.entityId());
        return true;
    }

    private int runningEntities() throws Exception {
        CurrentShardRegionState state = AskPattern.<GetShardRegionState, CurrentShardRegionState>ask(
                        ClusterSharding.get(engine.system()).shardState().narrow(),
                        replyTo -> new GetShardRegionState(EntityTypeKey.create(Object.class, "windows"), replyTo),
                        Duration.ofSeconds(5),
                        engine.system().scheduler())
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);
        return state.getShards().stream()
                .mapToInt(shard -> shard.getEntityIds().size())
                .sum();
    }

    private List<WindowAggregate> openWindows() throws Exception {
        return engine.windows()
                .of(TestEngine.SOURCE.series("http://a/"))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }
}
