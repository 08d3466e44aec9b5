package io.sonde.views;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What is known: series, sources, targets. */
final class CatalogueStore {
    /** A rebuild has emptied a series that has no windows. */
    private static final String HAS_WINDOWS = "s.last_window > '-infinity'";

    private CatalogueStore() {}

    static Page<Listed.Series, SeriesQuery.Key> series(Connection connection, SeriesQuery query) throws SQLException {
        Conditions where = Conditions.on(query.series()).and(HAS_WINDOWS);
        SeriesQuery.Key after = query.after();
        if (after != null) {
            where.and(
                    "(s.source, s.target) > (?, ?)", Conditions.text(after.source()), Conditions.text(after.target()));
        }
        List<Listed.Series> found = list(
                connection,
                "SELECT s.source, s.target, s.first_window, s.last_window FROM series s" + where.sql()
                        + " ORDER BY s.source, s.target LIMIT ?",
                where,
                query.limit(),
                rows -> new Listed.Series(rows.getString(1), rows.getString(2), time(rows, 3), time(rows, 4)));
        return Page.of(found, query.limit(), last -> new SeriesQuery.Key(last.source(), last.target()));
    }

    static Page<Listed.Source, String> sources(Connection connection, NameQuery query) throws SQLException {
        Conditions where = named(query, "s.source");
        List<Listed.Source> found = list(
                connection,
                "SELECT l.source, o.attributes, l.series, l.first_window, l.last_window FROM ("
                        + "SELECT s.source, count(*) AS series, min(s.first_window) AS first_window,"
                        + " max(s.last_window) AS last_window FROM series s" + where.sql()
                        + " GROUP BY s.source ORDER BY s.source LIMIT ?) l"
                        + " LEFT JOIN source o ON o.tenant = ? AND o.kind = ? AND o.source = l.source"
                        + " ORDER BY l.source",
                where,
                query.limit(),
                rows -> new Listed.Source(
                        rows.getString(1), attributes(rows), rows.getLong(3), time(rows, 4), time(rows, 5)),
                query.tenant(),
                query.kind());
        return Page.of(found, query.limit(), Listed.Source::source);
    }

    static Page<Listed.Target, String> targets(Connection connection, NameQuery query) throws SQLException {
        Conditions where = named(query, "s.target");
        List<Listed.Target> found = list(
                connection,
                "SELECT s.target, count(*), min(s.first_window), max(s.last_window) FROM series s" + where.sql()
                        + " GROUP BY s.target ORDER BY s.target LIMIT ?",
                where,
                query.limit(),
                rows -> new Listed.Target(rows.getString(1), rows.getLong(2), time(rows, 3), time(rows, 4)));
        return Page.of(found, query.limit(), Listed.Target::target);
    }

    private static Conditions named(NameQuery query, String name) {
        Conditions where = new Conditions()
                .and("s.tenant = ?", Conditions.text(query.tenant()))
                .and("s.kind = ?", Conditions.text(query.kind()))
                .and(HAS_WINDOWS)
                .and(name + " > ?", Conditions.text(query.after()));
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

    private static <T> List<T> list(
            Connection connection, String sql, Conditions where, int limit, Reader<T> reader, String... more)
            throws SQLException {
        List<T> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int at = where.set(statement);
            statement.setInt(at++, limit + 1);
            for (String parameter : more) {
                statement.setString(at++, parameter);
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(reader.read(rows));
                }
            }
        }
        return found;
    }

    private static Map<String, String> attributes(ResultSet rows) throws SQLException {
        String json = rows.getString(2);
        return json == null ? Map.of() : JsonColumn.texts(json);
    }

    private static long time(ResultSet rows, int column) throws SQLException {
        return Columns.epochMs(rows.getObject(column, OffsetDateTime.class));
    }

    /** One row as a value. */
    private interface Reader<T> {
        T read(ResultSet rows) throws SQLException;
    }
}
