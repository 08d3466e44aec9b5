package io.sonde.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sonde.core.Failpoint;
import io.sonde.core.SourceId;
import io.sonde.testkit.NodeProcess;
import io.sonde.testkit.PostgresServer;
import io.sonde.windows.ShardedWindows;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Sources that send again in the moment in which they come to rest: what lies in a mailbox then is lost to nobody. */
class PassivationIT {
    /** A source rests this long after it has written that its last window is sealed, and a moment. */
    private static final long IDLE_MS = 60_000;

    private static final int FROM_MS = -50;
    private static final int TO_MS = 200;
    /** Between a source's decision to rest and its word to the shard, in which its mailbox fills. */
    private static final int LINGERS_MS = 100;

    private static final NodeProcess.Program LINGERING = new NodeProcess.Program(
            NodeProcess.Program.NODE.mainClass(),
            List.of("-Dsonde.failpoint=" + Failpoint.AT_PASSIVATION.code() + ":" + LINGERS_MS + "ms"));
    private static final int RETURNS = Extent.times(60, 200);
    private static final String SEALED =
            """
            SELECT persistence_id, write_timestamp FROM windows_event WHERE event_ser_manifest = ?
            """;
    /** Of the sources that wrote again after all was sealed: those by the incarnation that was to rest, and by another. */
    private static final String RETURNED =
            """
            SELECT count(*) FILTER (WHERE writer = before), count(*) FILTER (WHERE writer <> before) FROM (
                SELECT writer, lag(writer) OVER source AS before, lag(event_ser_manifest) OVER source AS manifest
                FROM windows_event WINDOW source AS (PARTITION BY persistence_id ORDER BY sequence_number)) written
            WHERE manifest = ?
            """;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder = Path.of("set by JUnit");

    private final PostgresServer.Database database = PostgresServer.shared().newDatabase();
    private final Random random = new Random(Extent.seed());
    private final Set<String> resting = new HashSet<>();
    private final List<ScheduledFuture<?>> returns = new ArrayList<>();

    /** Under the direct bus nobody would bring it again, and its sender would be told so. */
    @Test
    void p21WhatASourceSendsJustAsItComesToRestIsTaken() throws Exception {
        ScheduledExecutorService visitor = Executors.newSingleThreadScheduledExecutor();
        try (Nodes nodes = Nodes.start(folder, database, 1, Map.of("sonde.bus", "direct"), LINGERING);
                Proof proof = Proof.start(database, nodes.urls(), Proof.FLEETING, "load-")) {
            await(RETURNS + " sources have returned")
                    .atMost(Duration.ofMinutes(10))
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> {
                        plan(visitor, proof);
                        return returns.stream().filter(ScheduledFuture::isDone).count() >= RETURNS;
                    });
            visitor.shutdownNow();
            proof.awaitRecovered();

            proof.finish("14 sources that send again as they come to rest, direct bus");
            proof.assertConserved();
            assertThat(proof.load().answers()).containsOnlyKeys("202");
            assertReturnsBeforeAndAfterTheRest();
        } finally {
            visitor.shutdownNow();
        }
    }

    private void plan(ScheduledExecutorService visitor, Proof proof) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                PreparedStatement statement = connection.prepareStatement(SEALED)) {
            statement.setString(1, ShardedWindows.NONE_OPEN_MANIFEST);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String client = SourceId.parse(row.getString(1)).source();
                    long at = row.getLong(2) + IDLE_MS + random.nextInt(FROM_MS, TO_MS);
                    if (resting.add(client)) {
                        returns.add(visitor.schedule(
                                () -> {
                                    proof.load().sendOf(client);
                                    return client;
                                },
                                at - System.currentTimeMillis(),
                                TimeUnit.MILLISECONDS));
                    }
                }
            }
        }
    }

    /** Or the moment was missed, and nothing is shown. */
    private void assertReturnsBeforeAndAfterTheRest() throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                PreparedStatement statement = connection.prepareStatement(RETURNED)) {
            statement.setString(1, ShardedWindows.NONE_OPEN_MANIFEST);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                assertThat(row.getLong(1)).as("returned before they rested").isPositive();
                assertThat(row.getLong(2)).as("returned after they rested").isPositive();
            }
        }
    }
}
