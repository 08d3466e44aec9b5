package io.sonde.views;

import io.sonde.problems.Delivery;
import io.sonde.problems.Problem;
import io.sonde.problems.ProblemsEvent;
import io.sonde.problems.ProblemsEvent.DeliveryChanged;
import io.sonde.problems.ProblemsEvent.ProblemChanged;
import io.sonde.problems.ProblemsEvent.SilenceChanged;
import io.sonde.problems.Silence;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code problem}, {@code delivery} and {@code silence}, written in the order of their journal: the last word holds. */
final class ProblemTable {
    private static final String PROBLEM =
            """
            INSERT INTO problem (id, version, tenant, kind, scope, label, source, target, started_at, ended_at, part_of,
                                 ack, members)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb)
            ON CONFLICT (id) DO UPDATE SET version = excluded.version, ended_at = excluded.ended_at,
                part_of = excluded.part_of, ack = excluded.ack, members = excluded.members
            """;

    private static final String DELIVERY =
            """
            INSERT INTO delivery (key, version, problem_id, channel, resolved, state, attempts, next_at, error, done_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (key) DO UPDATE SET version = excluded.version, state = excluded.state,
                attempts = excluded.attempts, next_at = excluded.next_at, error = excluded.error,
                done_at = excluded.done_at
            """;

    private static final String SILENCE =
            """
            INSERT INTO silence (id, tenant, label, source, target, from_at, until_at, by_whom, comment)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET from_at = excluded.from_at, until_at = excluded.until_at
            """;

    private ProblemTable() {}

    static void write(Connection connection, List<ProblemsEvent> events) throws SQLException {
        Map<String, Problem> problems = new TreeMap<>();
        Map<String, Delivery> deliveries = new TreeMap<>();
        Map<String, Silence> silences = new TreeMap<>();
        for (ProblemsEvent event : events) {
            if (event instanceof ProblemChanged changed) {
                problems.put(changed.problem().id(), changed.problem());
            } else if (event instanceof DeliveryChanged changed) {
                deliveries.put(changed.delivery().key(), changed.delivery());
            } else if (event instanceof SilenceChanged changed) {
                silences.put(changed.silence().id(), changed.silence());
            }
        }
        batch(connection, PROBLEM, problems.values(), ProblemTable::set);
        batch(connection, DELIVERY, deliveries.values(), ProblemTable::set);
        batch(connection, SILENCE, silences.values(), ProblemTable::set);
    }

    /** Sets a row's parameters. */
    private interface Setter<T> {
        void set(PreparedStatement statement, T row) throws SQLException;
    }

    private static <T> void batch(Connection connection, String sql, Collection<T> rows, Setter<T> setter)
            throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (T row : rows) {
                setter.set(statement, row);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private static void set(PreparedStatement statement, Problem problem) throws SQLException {
        statement.setString(1, problem.id());
        statement.setLong(2, problem.version());
        statement.setString(3, problem.tenant());
        statement.setString(4, problem.kind());
        statement.setString(5, problem.scope().name());
        statement.setString(6, StoredText.of(problem.label()));
        statement.setString(7, storable(problem.source()));
        statement.setString(8, storable(problem.target()));
        statement.setObject(9, Columns.time(problem.startedMs()));
        statement.setObject(10, problem.isOpen() ? null : Columns.time(problem.endedMs()));
        statement.setString(11, problem.partOf());
        statement.setString(12, MembersColumn.text(problem.ack()));
        statement.setString(13, MembersColumn.text(problem.members()));
    }

    private static void set(PreparedStatement statement, Delivery delivery) throws SQLException {
        statement.setString(1, delivery.key());
        statement.setLong(2, delivery.version());
        statement.setString(3, delivery.problem());
        statement.setString(4, StoredText.of(delivery.channel()));
        statement.setBoolean(5, delivery.resolved());
        statement.setString(6, delivery.state().name());
        statement.setInt(7, delivery.attempts());
        statement.setObject(8, Columns.time(delivery.nextMs()));
        statement.setString(9, StoredText.of(delivery.error()));
        statement.setObject(10, delivery.doneMs() == 0 ? null : Columns.time(delivery.doneMs()));
    }

    private static void set(PreparedStatement statement, Silence silence) throws SQLException {
        statement.setString(1, silence.id());
        statement.setString(2, silence.tenant());
        statement.setString(3, storable(silence.label()));
        statement.setString(4, storable(silence.source()));
        statement.setString(5, storable(silence.target()));
        statement.setObject(6, Columns.time(silence.fromMs()));
        statement.setObject(7, Columns.time(silence.untilMs()));
        statement.setString(8, StoredText.of(silence.by()));
        statement.setString(9, StoredText.of(silence.comment()));
    }

    private static @Nullable String storable(@Nullable String text) {
        return text == null ? null : StoredText.of(text);
    }
}
