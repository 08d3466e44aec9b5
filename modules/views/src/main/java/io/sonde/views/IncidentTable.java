package io.sonde.views;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code incident}: of each the highest version. */
final class IncidentTable {
    /** Of a {@code series s} and an {@code incident i}. */
    static final String LIST = "i.id, i.series_id, s.source, s.target, i.label, i.state, i.version, i.onset, i.opened,"
            + " i.last_seen, i.ended, i.peak, i.peak_verdict, i.rules, i.timeline, i.updated_at";

    static final String FROM = " FROM incident i JOIN series s ON s.series_id = i.series_id";

    private static final String UPSERT = "INSERT INTO incident (id, series_id, label, state, version, onset, opened,"
            + " last_seen, ended, peak, peak_verdict, rules, timeline, updated_at)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?::jsonb, ?)"
            + " ON CONFLICT (id) DO UPDATE SET state = excluded.state, version = excluded.version,"
            + " last_seen = excluded.last_seen, ended = excluded.ended, peak = excluded.peak,"
            + " peak_verdict = excluded.peak_verdict, rules = excluded.rules, timeline = excluded.timeline,"
            + " updated_at = excluded.updated_at"
            + " WHERE incident.version < excluded.version";

    private static final String FIND = "SELECT " + LIST + FROM + " WHERE i.id = ANY(?)";

    private IncidentTable() {}

    static void upsert(Connection connection, Collection<IncidentRow> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(UPSERT)) {
            for (IncidentRow row : newest(rows)) {
                set(statement, row);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /** The highest version of each; sorted, so that two writers never wait for each other in a circle. */
    static Collection<IncidentRow> newest(Collection<IncidentRow> rows) {
        Map<String, IncidentRow> newest = new TreeMap<>();
        for (IncidentRow row : rows) {
            newest.merge(row.id(), row, (a, b) -> b.version() > a.version() ? b : a);
        }
        return newest.values();
    }

    static List<IncidentRow> find(Connection connection, Collection<String> ids) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setArray(1, connection.createArrayOf("text", ids.toArray()));
            return query(statement);
        }
    }

    static List<IncidentRow> query(PreparedStatement statement) throws SQLException {
        List<IncidentRow> found = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                found.add(row(rows));
            }
        }
        return found;
    }

    private static void set(PreparedStatement statement, IncidentRow row) throws SQLException {
        Long endedMs = row.endedMs();
        statement.setString(1, row.id());
        statement.setLong(2, row.seriesId());
        statement.setString(3, row.label());
        statement.setString(4, row.state());
        statement.setLong(5, row.version());
        statement.setObject(6, Columns.time(row.onsetMs()));
        statement.setObject(7, Columns.time(row.openedMs()));
        statement.setObject(8, Columns.time(row.lastSeenMs()));
        if (endedMs == null) {
            statement.setNull(9, Types.TIMESTAMP_WITH_TIMEZONE);
        } else {
            statement.setObject(9, Columns.time(endedMs));
        }
        statement.setObject(10, Columns.time(row.peakMs()));
        statement.setString(11, VerdictJson.text(row.peak()));
        statement.setString(12, row.rules());
        statement.setString(13, TimelineColumn.text(row.timeline()));
        statement.setObject(14, Columns.time(row.updatedMs()));
    }

    private static IncidentRow row(ResultSet rows) throws SQLException {
        return new IncidentRow(
                rows.getString("id"),
                rows.getLong("series_id"),
                rows.getString("source"),
                rows.getString("target"),
                rows.getString("label"),
                rows.getString("state"),
                rows.getLong("version"),
                time(rows, "onset"),
                time(rows, "opened"),
                time(rows, "last_seen"),
                timeOrNull(rows, "ended"),
                time(rows, "peak"),
                VerdictJson.one(rows.getString("peak_verdict")),
                rows.getString("rules"),
                TimelineColumn.read(rows.getString("timeline")),
                time(rows, "updated_at"));
    }

    private static long time(ResultSet rows, String column) throws SQLException {
        return Columns.epochMs(rows.getObject(column, OffsetDateTime.class));
    }

    private static @Nullable Long timeOrNull(ResultSet rows, String column) throws SQLException {
        OffsetDateTime time = rows.getObject(column, OffsetDateTime.class);
        return time == null ? null : Columns.epochMs(time);
    }
}
