package io.sonde.views;

import io.sonde.views.NameQuery.Order;
import io.sonde.views.NameQuery.Status;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Sources and targets with how they are: whether anything of them is an incident now. Those are looked for once, whatever the
 * planner thinks of how many names there are.
 */
final class NameStore {
    private static final String OPEN =
            """
            WITH open AS MATERIALIZED (
                SELECT s.%1$s AS name, count(*) AS incidents, array_agg(DISTINCT i.label) AS labels,
                       (array_agg(i.label ORDER BY (i.peak_verdict ->> 'severity')::float8 DESC NULLS LAST, i.label))[1]
                           AS worst
                FROM incident i JOIN series s ON s.series_id = i.series_id
                WHERE i.state = 'open' AND s.tenant = ? AND s.kind = ? GROUP BY s.%1$s),
            named AS (
                SELECT s.%1$s AS name, count(*) AS others, min(s.first_window) AS first_window,
                       max(s.last_window) AS last_window
                FROM series s%2$s GROUP BY s.%1$s%3$s),
            judged AS (
                SELECT n.*, coalesce(o.incidents, 0) AS incidents, o.worst, o.labels,
                       CASE WHEN o.name IS NOT NULL THEN 2 WHEN n.last_window < ? THEN 1 ELSE 0 END AS grade
                FROM named n LEFT JOIN open o ON o.name = n.name)
            SELECT j.*, %4$s AS attributes FROM judged j%5$s ORDER BY %6$s LIMIT ?
            """;
    private static final String ATTRIBUTES =
            "(SELECT a.attributes FROM source a WHERE a.tenant = ? AND a.kind = ? AND a.source = j.name)";

    private NameStore() {}

    static Page<Listed.Source, NameQuery.Key> sources(Connection connection, NameQuery query) throws SQLException {
        List<Listed.Source> found = list(
                connection,
                query,
                "source",
                row -> new Listed.Source(
                        row.getString("name"),
                        attributes(row),
                        row.getLong("others"),
                        time(row, "first_window"),
                        time(row, "last_window"),
                        condition(row)));
        return page(found, query, one -> key(one.source(), one.lastWindowMs(), one.condition()));
    }

    static Page<Listed.Target, NameQuery.Key> targets(Connection connection, NameQuery query) throws SQLException {
        List<Listed.Target> found = list(
                connection,
                query,
                "target",
                row -> new Listed.Target(
                        row.getString("name"),
                        row.getLong("others"),
                        time(row, "first_window"),
                        time(row, "last_window"),
                        condition(row)));
        return page(found, query, one -> key(one.target(), one.lastWindowMs(), one.condition()));
    }

    private static <T> Page<T, NameQuery.Key> page(List<T> oneMore, NameQuery query, Function<T, NameQuery.Key> key) {
        return Page.of(oneMore, query.limit(), key);
    }

    private static NameQuery.Key key(String name, long lastWindowMs, Listed.Condition condition) {
        return new NameQuery.Key(name, lastWindowMs, condition.status(), condition.incidents());
    }

    /** Only where all are judged before the page is cut are all of them grouped. */
    private static <T> List<T> list(Connection connection, NameQuery query, String name, Reader<T> reader)
            throws SQLException {
        boolean isCutEarly = query.order() == Order.NAME && query.status() == null;
        boolean isSource = name.equals("source");
        Conditions some = some(query, "s." + name);
        Conditions judged = judged(query);
        String sql = OPEN.formatted(
                name,
                some.sql(),
                isCutEarly ? " ORDER BY s." + name + " LIMIT ?" : "",
                isSource ? ATTRIBUTES : "NULL",
                judged.sql(),
                order(query.order()));
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int at = tenant(query).set(statement, 1);
            at = some.set(statement, at);
            if (isCutEarly) {
                statement.setInt(at++, query.limit() + 1);
            }
            statement.setObject(at++, Columns.time(query.nowMs() - NameQuery.SILENT_AFTER.toMillis()));
            at = isSource ? tenant(query).set(statement, at) : at;
            statement.setInt(judged.set(statement, at), query.limit() + 1);
            return read(statement, reader);
        }
    }

    private static Conditions tenant(NameQuery query) {
        return new Conditions()
                .and("tenant = ?", Conditions.text(query.tenant()))
                .and("kind = ?", Conditions.text(query.kind()));
    }

    static Conditions some(NameQuery query, String name) {
        Conditions where = new Conditions()
                .and("s.tenant = ?", Conditions.text(query.tenant()))
                .and("s.kind = ?", Conditions.text(query.kind()))
                .and(CatalogueStore.HAS_WINDOWS);
        NameQuery.Key after = query.after();
        if (after != null && query.order() == Order.NAME) {
            where.and(name + " > ?", Conditions.text(after.name()));
        }
        if (!query.prefix().isEmpty()) {
            where.and("starts_with(" + name + ", ?)", Conditions.text(query.prefix()));
        }
        if (!query.contains().isEmpty()) {
            where.and(
                    "position(lower(? COLLATE \"und-x-icu\") IN lower(" + name + " COLLATE \"und-x-icu\")) > 0",
                    Conditions.text(query.contains()));
        }
        return where;
    }

    private static Conditions judged(NameQuery query) {
        Conditions where = new Conditions().and("TRUE");
        Status status = query.status();
        if (status != null) {
            where.and("j.grade = ?", Conditions.number(status.grade()));
        }
        NameQuery.Key after = query.after();
        if (after != null) {
            switch (query.order()) {
                case NAME -> {}
                case LAST_SEEN ->
                    where.and(
                            "(j.last_window < ? OR j.last_window = ? AND j.name > ?)",
                            Conditions.time(after.lastWindowMs()),
                            Conditions.time(after.lastWindowMs()),
                            Conditions.text(after.name()));
                case STATUS ->
                    where.and(
                            "((j.grade, j.incidents) < (?, ?) OR (j.grade, j.incidents) = (?, ?) AND j.name > ?)",
                            Conditions.number(after.status().grade()),
                            Conditions.number(after.incidents()),
                            Conditions.number(after.status().grade()),
                            Conditions.number(after.incidents()),
                            Conditions.text(after.name()));
            }
        }
        return where;
    }

    private static String order(Order order) {
        return switch (order) {
            case NAME -> "j.name";
            case LAST_SEEN -> "j.last_window DESC, j.name";
            case STATUS -> "j.grade DESC, j.incidents DESC, j.name";
        };
    }

    /** One row as a value. */
    private interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private static <T> List<T> read(PreparedStatement statement, Reader<T> reader) throws SQLException {
        List<T> found = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                found.add(reader.read(rows));
            }
        }
        return found;
    }

    private static Listed.Condition condition(ResultSet row) throws SQLException {
        Array labels = row.getArray("labels");
        return new Listed.Condition(
                Status.graded(row.getInt("grade")),
                row.getLong("incidents"),
                row.getString("worst"),
                labels == null ? List.of() : List.of((String[]) labels.getArray()));
    }

    private static Map<String, String> attributes(ResultSet row) throws SQLException {
        String json = row.getString("attributes");
        return json == null ? Map.of() : JsonColumn.texts(json);
    }

    private static long time(ResultSet row, String column) throws SQLException {
        return Columns.epochMs(row.getObject(column, OffsetDateTime.class));
    }
}
