package io.sonde.views;

import io.sonde.core.UnreadableFormat;
import io.sonde.problems.ProblemsEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;

/** The journal of problems. */
final class ProblemJournalStore {
    private static final int PAGE = 50;
    private static final String AFTER =
            """
            SELECT sequence_number, write_timestamp, event_ser_id, event_ser_manifest, event_payload
            FROM problem_event WHERE sequence_number > ? ORDER BY sequence_number LIMIT ?
            """;

    private final DataSource dataSource;
    private final Serialization serialization;

    ProblemJournalStore(DataSource dataSource, ActorSystem<?> system) {
        this.dataSource = dataSource;
        this.serialization = SerializationExtension.get(system);
    }

    List<ProblemSource.Row> after(long number) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(AFTER)) {
            statement.setLong(1, number);
            statement.setInt(2, PAGE);
            List<ProblemSource.Row> page = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    page.add(new ProblemSource.Row(
                            rows.getLong(1),
                            event(rows.getBytes(5), rows.getInt(3), rows.getString(4)),
                            rows.getLong(2)));
                }
            }
            return page;
        }
    }

    private ProblemsEvent event(byte[] payload, int serializer, String manifest) {
        if (serialization.deserialize(payload, serializer, manifest).get() instanceof ProblemsEvent event) {
            return event;
        }
        throw new UnreadableFormat("manifest " + manifest + " in the journal of problems");
    }
}
