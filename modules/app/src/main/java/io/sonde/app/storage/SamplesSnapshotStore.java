package io.sonde.app.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.jdbc.PekkoSerialization;
import org.apache.pekko.persistence.jdbc.PekkoSerialization.PekkoSerialized;
import org.apache.pekko.persistence.jdbc.config.SnapshotConfig;
import org.apache.pekko.persistence.jdbc.snapshot.dao.DefaultSnapshotDao;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.stream.Materializer;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import scala.runtime.BoxedUnit;
import slick.jdbc.JdbcBackend.JdbcDatabaseDef;
import slick.jdbc.JdbcProfile;

/**
 * The plugin's snapshots of the samples' journal, the saving apart: with a snapshot goes the former one, in one statement, and
 * soon after all events before it.
 */
public final class SamplesSnapshotStore extends DefaultSnapshotDao {
    private static final String SAVE = "WITH former AS (DELETE FROM windows_snapshot WHERE persistence_id = ?"
            + " AND sequence_number < ?) INSERT INTO windows_snapshot (persistence_id, sequence_number, created,"
            + " snapshot_ser_id, snapshot_ser_manifest, snapshot_payload) VALUES (?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (persistence_id, sequence_number) DO UPDATE SET created = excluded.created,"
            + " snapshot_ser_id = excluded.snapshot_ser_id, snapshot_ser_manifest = excluded.snapshot_ser_manifest,"
            + " snapshot_payload = excluded.snapshot_payload";
    private static final int AT_A_TIME = 2;

    private final Serialization serialization;
    private final JournalWriters writers;
    private final ReplacedEvents replaced;

    /** As the plugin makes it, by reflection. */
    public SamplesSnapshotStore(
            JdbcDatabaseDef database,
            JdbcProfile profile,
            SnapshotConfig config,
            Serialization serialization,
            ExecutionContext executor,
            Materializer materializer) {
        super(database, profile, config, serialization, executor, materializer);
        this.serialization = serialization;
        this.writers = new JournalWriters(database, "sonde-samples-snapshots", AT_A_TIME);
        this.replaced = new ReplacedEvents(database, materializer, executor);
    }

    @Override
    public Future<BoxedUnit> save(SnapshotMetadata metadata, Object snapshot) {
        return writers.run(connection -> {
            save(metadata, PekkoSerialization.serialize(serialization, snapshot).get(), connection);
            replaced.snapshotSaved();
        });
    }

    private static void save(SnapshotMetadata metadata, PekkoSerialized snapshot, Connection connection)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SAVE)) {
            statement.setString(1, metadata.persistenceId());
            statement.setLong(2, metadata.sequenceNr());
            statement.setString(3, metadata.persistenceId());
            statement.setLong(4, metadata.sequenceNr());
            statement.setLong(5, metadata.timestamp());
            statement.setInt(6, snapshot.serId());
            statement.setString(7, snapshot.serManifest());
            statement.setBytes(8, snapshot.payload());
            statement.executeUpdate();
        }
    }
}
