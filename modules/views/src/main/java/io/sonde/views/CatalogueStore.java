package io.sonde.views;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/** Which series are known. */
final class CatalogueStore {
    /** A rebuild has emptied a series that has no windows. */
    static final String HAS_WINDOWS = "s.last_window > '-infinity'";

    private CatalogueStore() {}

    static Page<Listed.Series, SeriesQuery.Key> series(Connection connection, SeriesQuery query) throws SQLException {
        Conditions where = where(query);
        List<Listed.Series> found = new ArrayList<>();
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT s.source, s.target, s.first_window, s.last_window FROM series s"
                        + where.sql() + " ORDER BY s.source, s.target LIMIT ?")) {
            statement.setInt(where.set(statement), query.limit() + 1);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(new Listed.Series(rows.getString(1), rows.getString(2), time(rows, 3), time(rows, 4)));
                }
            }
        }
        return Page.of(found, query.limit(), last -> new SeriesQuery.Key(last.source(), last.target()));
    }

    static Conditions where(SeriesQuery query) {
        Conditions where = Conditions.on(query.series()).and(HAS_WINDOWS);
        SeriesQuery.Key after = query.after();
        if (after != null) {
            where.and(
                    "(s.source, s.target) > (?, ?)", Conditions.text(after.source()), Conditions.text(after.target()));
        }
        return where;
    }

    private static long time(ResultSet rows, int column) throws SQLException {
        return Columns.epochMs(rows.getObject(column, OffsetDateTime.class));
    }
}
