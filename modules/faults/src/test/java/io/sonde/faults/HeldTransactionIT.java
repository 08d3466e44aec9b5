package io.sonde.faults;

import io.sonde.testkit.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
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
                    + " FROM diagnosis_event LIMIT 1";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder = Path.of("set by JUnit");

    private final PostgresServer.Database database = PostgresServer.shared().newDatabase();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void p21WhatCommitsBehindAHeldTransactionIsProjected(boolean commits) throws Exception {
        try (Nodes nodes = Nodes.onDirectBus(folder, database, 1);
                Proof proof = Proof.start(database, nodes.urls())) {
            proof.awaitTaken(40);
            proof.awaitRecovered();
            hold(commits, proof);
            proof.awaitRecovered();

            proof.finish("11 a journal transaction held for " + HELD.toSeconds() + " s, then "
                    + (commits ? "committed" : "rolled back"));
            proof.assertConserved();
        }
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
