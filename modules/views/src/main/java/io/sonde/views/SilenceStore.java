package io.sonde.views;

import io.sonde.problems.Silence;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Silences of one tenant; the last to end first. */
final class SilenceStore {
    private SilenceStore() {}

    static Page<Silence, SilenceQuery.Key> silences(Connection connection, SilenceQuery query) throws SQLException {
        Conditions where = where(query);
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT s.* FROM silence s" + where.sql() + " ORDER BY s.until_at DESC, s.id DESC LIMIT ?")) {
            statement.setInt(where.set(statement), query.limit() + 1);
            List<Silence> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(silence(rows));
                }
            }
            return Page.of(found, query.limit(), last -> new SilenceQuery.Key(last.untilMs(), last.id()));
        }
    }

    private static Conditions where(SilenceQuery query) {
        Conditions where = new Conditions()
                .and("s.tenant = ?", Conditions.text(query.tenant()))
                .and("s.from_at < ?", Conditions.time(query.toMs()))
                .and("s.until_at > ?", Conditions.time(query.fromMs()));
        isAbout(where, "s.source", query.source());
        isAbout(where, "s.target", query.target());
        isAbout(where, "s.label", query.label());
        Conditions.Parameter now = Conditions.time(query.nowMs());
        switch (query.state()) {
            case ACTIVE -> where.and("s.from_at <= ?", now).and("s.until_at > ?", now);
            case PENDING -> where.and("s.from_at > ?", now);
            case ACTIVE_OR_PENDING -> where.and("s.until_at > ?", now);
            case EXPIRED -> where.and("s.until_at <= ?", now);
            case ANY -> {}
        }
        SilenceQuery.Key after = query.after();
        if (after != null) {
            where.and("(s.until_at, s.id) < (?, ?)", Conditions.time(after.untilMs()), Conditions.text(after.id()));
        }
        return where;
    }

    /** What {@link io.sonde.core.Glob} says of the pattern, in the words of the database. */
    private static void isAbout(Conditions where, String pattern, @Nullable String name) {
        if (name != null) {
            where.and(
                    "(" + pattern + " IS NULL OR ? LIKE replace(regexp_replace(" + pattern
                            + ", '([\\\\%_])', '\\\\\\1', 'g'), '*', '%'))",
                    Conditions.text(name));
        }
    }

    private static Silence silence(ResultSet rows) throws SQLException {
        return new Silence(
                rows.getString("id"),
                rows.getString("tenant"),
                rows.getString("label"),
                rows.getString("source"),
                rows.getString("target"),
                Columns.epochMs(rows.getObject("from_at", OffsetDateTime.class)),
                Columns.epochMs(rows.getObject("until_at", OffsetDateTime.class)),
                rows.getString("by_whom"),
                rows.getString("comment"));
    }
}
