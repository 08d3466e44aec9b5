package io.sonde.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sonde.core.ClosedWindows;
import io.sonde.core.ClosedWindowsFormat;
import io.sonde.core.Packer;
import io.sonde.core.SourceId;
import io.sonde.core.Unpacker;
import io.sonde.testkit.PostgresServer;
import io.sonde.testkit.Sent;
import io.sonde.testkit.SondeClient;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A transaction of another writer holds a window of its own in the journal of closed windows while others pass it. */
class HeldTransactionIT {
    private static final Duration HELD = Extent.seconds(12, 60);
    private static final SourceId MODEL = new SourceId("default", "qoe", "model", 0);
    private static final SourceId SOURCE = new SourceId("default", "qoe", "held", 0);
    private static final String MODEL_PAYLOAD = "SELECT event_payload FROM diagnosis_event WHERE persistence_id = ?";
    private static final String HOLD =
            "INSERT INTO diagnosis_event (persistence_id, sequence_number, writer, write_timestamp, event_ser_id,"
                    + " event_ser_manifest, event_payload)"
                    + " SELECT ?, 1, ?, write_timestamp, event_ser_id, event_ser_manifest, ?"
                    + " FROM diagnosis_event WHERE persistence_id = ?";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder = Path.of("set by JUnit");

    private final PostgresServer.Database database = PostgresServer.shared().newDatabase();
    private final SondeClient sonde = new SondeClient(database.dataSource(), AdminToken.of(database));

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void p21WhatCommitsBehindAHeldTransactionIsProjected(boolean commits) throws Exception {
        try (Nodes nodes = Nodes.onDirectBus(folder, database, 1);
                Proof proof = Proof.start(database, nodes.urls())) {
            journalAModel(nodes);
            proof.awaitTaken(40);
            hold(commits, proof);
            proof.awaitRecovered();

            proof.finish("11 a journal transaction held for " + HELD.toSeconds() + " s, then "
                    + (commits ? "committed" : "rolled back"));
            proof.assertConserved();
            assertThat(isStored(SOURCE)).as("the window that was held").isEqualTo(commits);
        }
    }

    /** What a node writes of one event of another source: that of the held one differs by its source alone. */
    private void journalAModel(Nodes nodes) throws Exception {
        Sent event = new Sent(
                new UUID(1, 1),
                MODEL.source(),
                "https://held/",
                System.currentTimeMillis() - 60_000,
                List.of(1.0, 2.0, 3.0, 4.0, 5.0),
                null,
                false);
        assertThat(sonde.post(nodes.urls().get(0).toString(), event.json()).statusCode())
                .isEqualTo(202);
        await("its window is stored").atMost(Duration.ofMinutes(1)).until(() -> isStored(MODEL));
    }

    private boolean isStored(SourceId source) throws Exception {
        return sonde.totals().keySet().stream().anyMatch(row -> row.startsWith(source.source() + " "));
    }

    private void hold(boolean commits, Proof proof) throws Exception {
        try (Connection connection = database.dataSource().getConnection();
                PreparedStatement insert = connection.prepareStatement(HOLD)) {
            byte[] payload = payload(connection);
            connection.setAutoCommit(false);
            insert.setString(1, SOURCE.entityId());
            insert.setString(2, UUID.randomUUID().toString());
            insert.setBytes(3, payload);
            insert.setString(4, MODEL.entityId());
            assertThat(insert.executeUpdate()).isEqualTo(1);
            proof.awaitTaken(40);
            TimeUnit.MILLISECONDS.sleep(HELD.toMillis());
            if (commits) {
                connection.commit();
            } else {
                connection.rollback();
            }
        }
    }

    /** As the serializer of the diagnosers lays it out: a version, the windows, their labels. */
    private static byte[] payload(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(MODEL_PAYLOAD)) {
            select.setString(1, MODEL.entityId());
            try (ResultSet row = select.executeQuery()) {
                assertThat(row.next()).isTrue();
                Unpacker from = new Unpacker(row.getBytes(1));
                from.version("windows diagnosed", 1);
                ClosedWindows model = ClosedWindowsFormat.read(from.blob());
                var held = new ClosedWindows(SOURCE, model.startMs(), model.attributes(), model.windows());
                return new Packer(1024)
                        .u8(1)
                        .blob(ClosedWindowsFormat.write(held))
                        .texts(from.texts())
                        .toBytes();
            }
        }
    }
}
