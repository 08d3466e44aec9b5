package io.sonde.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sonde.core.Batch;
import io.sonde.core.Kind;
import io.sonde.core.Receipt;
import io.sonde.core.Sample;
import io.sonde.core.SourceId;
import io.sonde.qoe.QoeKind;
import io.sonde.qoe.QoeSignal;
import io.sonde.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The engine on its journals, without a front or a read side. */
class EngineIT {
    private static final SourceId SOURCE = new SourceId("default", "qoe", "berlin-1", 0);

    private final PostgresServer.Database database = PostgresServer.shared().newDatabase();
    private Running running = start();

    private record Running(ActorSystem<Void> system, Engine engine) {}

    @AfterEach
    void stop() throws Exception {
        terminate();
    }

    @Test
    void aBatchIsCountedOnceAcrossARestartAndItsClosedWindowIsJournalledOnce() throws Exception {
        Batch batch = batch(System.currentTimeMillis());

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

    private long closedWindows() throws SQLException {
        return count("SELECT count(*) FROM diagnosis_event JOIN diagnosis_tag ON event_id = ordering");
    }

    private Receipt record(Batch batch) throws Exception {
        return running.engine().windows().record(batch).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private Running start() {
        ActorSystem<Void> started = ActorSystem.create(Behaviors.empty(), "sonde", TestNode.config(database, Map.of()));
        Cluster cluster = Cluster.get(started);
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
        try {
            Engine engine = Engine.start(
                    started,
                    List.of(new QoeSignal()),
                    NodeSettings.from(started.settings().config().getConfig("sonde")),
                    Clock.systemUTC());
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

    /** Received now, of the minute before, so that its window has already ended. */
    private static Batch batch(long now) {
        Kind kind = QoeKind.KIND;
        double[] values = new double[kind.measures().size()];
        return new Batch(
                SOURCE,
                now,
                Map.of("interface_type", "wifi"),
                List.of(
                        new Sample(UUID.randomUUID(), "http://a/", now - 65_000, values, Sample.SUCCESS, ""),
                        new Sample(UUID.randomUUID(), "http://b/", now - 65_000, values, 0, "nxdomain")),
                false);
    }
}
