package io.sonde.app.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.apache.pekko.persistence.jdbc.config.JournalConfig;
import org.apache.pekko.persistence.jdbc.journal.dao.DefaultJournalDao;
import org.apache.pekko.persistence.jdbc.journal.dao.JournalTables.JournalPekkoSerializationRow;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.stream.Materializer;
import scala.Tuple2;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.collection.immutable.Set;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import scala.runtime.BoxedUnit;
import slick.jdbc.JdbcBackend.JdbcDatabaseDef;
import slick.jdbc.JdbcProfile;

/**
 * The plugin's journal, its writes apart: all rows that wait are one statement and one round trip, so that the more come at
 * once the less each costs. For a journal without tags.
 */
public final class SamplesJournalStore extends DefaultJournalDao {
    private static final String INSERT =
            "INSERT INTO windows_event (persistence_id, sequence_number, writer, write_timestamp, adapter_manifest,"
                    + " event_ser_id, event_ser_manifest, event_payload) SELECT * FROM unnest(?::text[], ?::bigint[],"
                    + " ?::text[], ?::bigint[], ?::text[], ?::integer[], ?::text[], ?::bytea[])";

    private final JournalWriters writers;

    /** As the plugin makes it, by reflection. */
    public SamplesJournalStore(
            JdbcDatabaseDef database,
            JdbcProfile profile,
            JournalConfig config,
            Serialization serialization,
            ExecutionContext executor,
            Materializer materializer) {
        super(database, profile, config, serialization, executor, materializer);
        this.writers = new JournalWriters(
                database, "sonde-samples-journal", config.daoConfig().parallelism());
    }

    @Override
    public Future<BoxedUnit> writeJournalRows(Seq<Tuple2<JournalPekkoSerializationRow, Set<String>>> rows) {
        return writers.run(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
                new Columns(rows).bind(statement, connection);
                statement.executeUpdate();
            }
        });
    }

    /** Rows as PostgreSQL takes many of them at once: an array of each column. */
    private static final class Columns {
        private final String[] ids;
        private final Long[] numbers;
        private final String[] writers;
        private final Long[] times;
        private final String[] adapters;
        private final Integer[] serializers;
        private final String[] manifests;
        private final byte[][] payloads;

        Columns(Seq<Tuple2<JournalPekkoSerializationRow, Set<String>>> rows) {
            int size = rows.size();
            ids = new String[size];
            numbers = new Long[size];
            writers = new String[size];
            times = new Long[size];
            adapters = new String[size];
            serializers = new Integer[size];
            manifests = new String[size];
            payloads = new byte[size][];
            Iterator<Tuple2<JournalPekkoSerializationRow, Set<String>>> all = rows.iterator();
            for (int i = 0; i < size; i++) {
                set(i, all.next()._1());
            }
        }

        private void set(int i, JournalPekkoSerializationRow row) {
            ids[i] = row.persistenceId();
            numbers[i] = row.sequenceNumber();
            writers[i] = row.writer();
            times[i] = row.writeTimestamp();
            adapters[i] = row.adapterManifest();
            serializers[i] = row.eventSerId();
            manifests[i] = row.eventSerManifest();
            payloads[i] = row.eventPayload();
        }

        void bind(PreparedStatement statement, Connection connection) throws SQLException {
            statement.setArray(1, connection.createArrayOf("text", ids));
            statement.setArray(2, connection.createArrayOf("int8", numbers));
            statement.setArray(3, connection.createArrayOf("text", writers));
            statement.setArray(4, connection.createArrayOf("int8", times));
            statement.setArray(5, connection.createArrayOf("text", adapters));
            statement.setArray(6, connection.createArrayOf("int4", serializers));
            statement.setArray(7, connection.createArrayOf("text", manifests));
            statement.setArray(8, connection.createArrayOf("bytea", payloads));
        }
    }
}
