package io.sonde.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sonde.testkit.PostgresServer;
import io.sonde.testkit.Sent;
import io.sonde.testkit.SondeClient;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A transaction of another writer holds a number of the journal of closed windows while others pass it. */
class HeldTransactionIT {
    private static final Duration HELD = Extent.seconds(12, 60);
    private static final String HOLD =
            "INSERT INTO diagnosis_event (persistence_id, sequence_number, writer, write_timestamp, event_ser_id,"
                    + " event_ser_manifest, event_payload)"
                    + " SELECT 'held', 1, 'held', write_timestamp, event_ser_id, event_ser_manifest, event_payload"
                    + " FROM diagnosis_event WHERE persistence_id LIKE '%:held'";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder = Path.of("set by JUnit");

    private final PostgresServer.Database database = PostgresServer.shared().newDatabase();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void p21WhatCommitsBehindAHeldTransactionIsProjected(boolean commits) throws Exception {
        try (Nodes nodes = Nodes.onDirectBus(folder, database, 1);
                Proof proof = Proof.start(database, nodes.urls())) {
            journalAWindowOfItsOwn(nodes);
            proof.awaitTaken(40);
            hold(commits, proof);
            proof.awaitRecovered();

            proof.finish("11 a journal transaction held for " + HELD.toSeconds() + " s, then "
                    + (commits ? "committed" : "rolled back"));
            proof.assertConserved();
        }
    }

    /** Whose event is what the transaction writes once more. */
    private void journalAWindowOfItsOwn(Nodes nodes) throws Exception {
        SondeClient sonde = new SondeClient(database.dataSource(), AdminToken.of(database));
        Sent held = new Sent(
                new UUID(1, 1),
                "held",
                "https://held/",
                System.currentTimeMillis() - 60_000,
                List.of(1.0, 2.0, 3.0, 4.0, 5.0),
                null,
                false);
        assertThat(sonde.post(nodes.urls().get(0).toString(), held.json()).statusCode())
                .isEqualTo(202);
        await("its window is stored").atMost(Duration.ofMinutes(1)).until(() -> sonde.totals().keySet().stream()
                .anyMatch(row -> row.startsWith("held ")));
    }

    private void hold(boolean commits, Proof proof) throws SQLException, InterruptedException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.executeUpdate(HOLD);
            proof.awaitTaken(40);
            TimeUnit.MILLISECONDS.sleep(HELD.toMillis());
            if (commits) {
                connection.commit();
            } else {
                connection.rollback();
            }
        }
    }
}
