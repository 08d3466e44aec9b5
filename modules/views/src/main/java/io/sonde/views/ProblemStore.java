package io.sonde.views;

import io.sonde.core.Notification.Scope;
import io.sonde.problems.Delivery;
import io.sonde.problems.Problem;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Problems with what was told of them; the latest first. */
final class ProblemStore {
    private static final String DELIVERIES =
            """
            SELECT key, version, problem_id, channel, resolved, state, attempts, next_at, error, done_at
            FROM delivery WHERE problem_id = ANY(?) ORDER BY channel, resolved
            """;

    private ProblemStore() {}

    record OneProblem(String tenant, String kind, String id) {}

    static Optional<StoredProblem> problem(Connection connection, OneProblem one) throws SQLException {
        Conditions where = new Conditions()
                .and("p.tenant = ?", Conditions.text(one.tenant()))
                .and("p.kind = ?", Conditions.text(one.kind()))
                .and("p.id = ?", Conditions.text(one.id()));
        try (PreparedStatement statement = connection.prepareStatement("SELECT p.* FROM problem p" + where.sql())) {
            where.set(statement);
            return read(connection, statement).stream().findFirst();
        }
    }

    static Page<StoredProblem, ProblemQuery.Key> problems(Connection connection, ProblemQuery query)
            throws SQLException {
        Conditions where = where(query);
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT p.* FROM problem p" + where.sql() + " ORDER BY p.started_at DESC, p.id DESC LIMIT ?")) {
            statement.setInt(where.set(statement), query.limit() + 1);
            return Page.of(
                    read(connection, statement),
                    query.limit(),
                    last -> new ProblemQuery.Key(
                            last.problem().startedMs(), last.problem().id()));
        }
    }

    private static List<StoredProblem> read(Connection connection, PreparedStatement statement) throws SQLException {
        List<Problem> found = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                found.add(problem(rows));
            }
        }
        Map<String, List<Delivery>> deliveries = deliveries(connection, found);
        return found.stream()
                .map(problem -> new StoredProblem(problem, deliveries.getOrDefault(problem.id(), List.of())))
                .toList();
    }

    static Conditions where(ProblemQuery query) {
        Conditions where = new Conditions()
                .and("p.tenant = ?", Conditions.text(query.tenant()))
                .and("p.kind = ?", Conditions.text(query.kind()))
                .and("p.started_at < ?", Conditions.time(query.toMs()))
                .and("(p.ended_at IS NULL OR p.ended_at > ?)", Conditions.time(query.fromMs()));
        has(where, "source", query.source());
        has(where, "target", query.target());
        has(where, "incident", query.incident());
        if (query.label() != null) {
            where.and("p.label = ?", Conditions.text(query.label()));
        }
        if (query.open() != null) {
            where.and(query.open() ? "p.ended_at IS NULL" : "p.ended_at IS NOT NULL");
        }
        ProblemQuery.Key after = query.after();
        if (after != null) {
            where.and("(p.started_at, p.id) < (?, ?)", Conditions.time(after.startedMs()), Conditions.text(after.id()));
        }
        return where;
    }

    private static void has(Conditions where, String field, @Nullable String value) {
        if (value != null) {
            where.and(
                    "p.members @> jsonb_build_array(jsonb_build_object('" + field + "', ?::text))",
                    Conditions.text(value));
        }
    }

    private static Map<String, List<Delivery>> deliveries(Connection connection, List<Problem> problems)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DELIVERIES)) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "text", problems.stream().map(Problem::id).toArray()));
            Map<String, List<Delivery>> found = new HashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.computeIfAbsent(rows.getString("problem_id"), any -> new ArrayList<>())
                            .add(delivery(rows));
                }
            }
            return found;
        }
    }

    private static Problem problem(ResultSet rows) throws SQLException {
        return new Problem(
                rows.getString("id"),
                rows.getLong("version"),
                rows.getString("tenant"),
                rows.getString("kind"),
                Scope.valueOf(rows.getString("scope")),
                rows.getString("label"),
                rows.getString("source"),
                rows.getString("target"),
                time(rows, "started_at"),
                time(rows, "ended_at"),
                rows.getString("part_of"),
                MembersColumn.ack(rows.getString("ack")),
                MembersColumn.members(rows.getString("members")));
    }

    private static Delivery delivery(ResultSet rows) throws SQLException {
        return new Delivery(
                rows.getString("key"),
                rows.getLong("version"),
                rows.getString("problem_id"),
                rows.getString("channel"),
                rows.getBoolean("resolved"),
                Delivery.State.valueOf(rows.getString("state")),
                rows.getInt("attempts"),
                time(rows, "next_at"),
                rows.getString("error"),
                time(rows, "done_at"));
    }

    /** 0 where there is none. */
    private static long time(ResultSet rows, String column) throws SQLException {
        OffsetDateTime time = rows.getObject(column, OffsetDateTime.class);
        return time == null ? 0 : Columns.epochMs(time);
    }
}
