package io.sonde.app.node;

import io.sonde.app.metrics.NodeMetrics;
import io.sonde.core.Batch;
import io.sonde.core.Kind;
import io.sonde.core.Receipt;
import io.sonde.core.Sample;
import io.sonde.core.SourceId;
import io.sonde.qoe.QoeKind;
import io.sonde.qoe.QoeSignal;
import io.sonde.testkit.NotedSpans;
import io.sonde.testkit.PostgresServer;
import io.sonde.windows.ShardedWindows;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;

/** An {@link Engine} on journals of its own, started when made; its watermark follows a clock that a test sets. */
final class TestEngine {
    static final SourceId SOURCE = new SourceId("default", "qoe", "berlin-1", 0);
    static final int SNAPSHOT_EVERY = 50;

    private final PostgresServer.Database database = PostgresServer.shared().newDatabase();
    private final SetClock clock = new SetClock();
    private final NotedSpans spans = new NotedSpans();
    private Running running = start();

    private record Running(ActorSystem<Void> system, Engine engine, NodeMetrics metrics) {}

    PostgresServer.Database database() {
        return database;
    }

    SetClock clock() {
        return clock;
    }

    NotedSpans spans() {
        return spans;
    }

    NodeMetrics metrics() {
        return running.metrics();
    }

    ActorSystem<Void> system() {
        return running.system();
    }

    ShardedWindows windows() {
        return running.engine().windows();
    }

    Receipt record(Batch batch) throws Exception {
        return windows().record(batch).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** Received now, of the minute before, so that its window has already ended; every tenth event failed. */
    Batch lastMinute(int samples) {
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

    long count(String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    void restart() throws Exception {
        stop();
        running = start();
    }

    void stop() throws Exception {
        running.system().terminate();
        running.system().getWhenTerminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private Running start() {
        ActorSystem<Void> started = ActorSystem.create(
                Behaviors.empty(),
                "sonde",
                TestNode.config(
                        database,
                        Map.of(
                                "sonde.windows.ask-timeout",
                                "3s",
                                "sonde.windows.snapshot-every",
                                Integer.toString(SNAPSHOT_EVERY))));
        Cluster cluster = Cluster.get(started);
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
        var live = new LiveSettings(
                started.settings().config(), Optional::empty, List::of, List.of(new QoeSignal()), clock, changes -> {});
        NodeMetrics metrics = new NodeMetrics();
        try {
            Engine engine = Engine.start(
                    started,
                    List.of(new QoeSignal()),
                    NodeSettings.from(started.settings().config().getConfig("sonde")),
                    clock,
                    clock,
                    live.diagnostics(),
                    (source, hourMs) -> CompletableFuture.completedFuture(Map.of()),
                    spans,
                    metrics);
            return new Running(started, engine, metrics);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
