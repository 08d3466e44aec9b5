package io.sonde.views;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** Hours and days whose roll-up is missing or older than its parts. */
final class RollupDueTable {
    /** Writes even where the mark is there: the row lock keeps a roller from taking it before the part is committed. */
    private static final String MARK = "INSERT INTO rollup_due (resolution, window_start, series_id) VALUES (?, ?, ?)"
            + " ON CONFLICT (resolution, window_start, series_id) DO UPDATE SET series_id = excluded.series_id";

    private static final String TAKE = "WITH taken AS MATERIALIZED (SELECT resolution, window_start, series_id"
            + " FROM rollup_due WHERE resolution = ? AND window_start < ?"
            + " ORDER BY window_start, series_id LIMIT ? FOR UPDATE SKIP LOCKED)"
            + " DELETE FROM rollup_due d USING taken"
            + " WHERE d.resolution = taken.resolution AND d.window_start = taken.window_start"
            + " AND d.series_id = taken.series_id"
            + " RETURNING d.series_id, d.window_start";

    private RollupDueTable() {}

    /** Marks the {@code whole}s that hold these windows. */
    static void mark(Connection connection, Resolution whole, Collection<Position> parts) throws SQLException {
        TreeSet<Position> wholes = new TreeSet<>();
        for (Position part : parts) {
            wholes.add(new Position(part.seriesId(), whole.startOf(part.startMs())));
        }
        try (PreparedStatement statement = connection.prepareStatement(MARK)) {
            for (Position due : wholes) {
                statement.setString(1, whole.code());
                statement.setObject(2, Columns.time(due.startMs()));
                statement.setLong(3, due.seriesId());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /** Takes up to {@code most} marks of windows that start before this time, passing over those that others hold. */
    static List<Position> take(Connection connection, Resolution whole, long beforeMs, int most) throws SQLException {
        List<Position> taken = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(TAKE)) {
            statement.setString(1, whole.code());
            statement.setObject(2, Columns.time(beforeMs));
            statement.setInt(3, most);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    taken.add(new Position(rows.getLong(1), Columns.epochMs(rows.getObject(2, OffsetDateTime.class))));
                }
            }
        }
        return taken;
    }
}
