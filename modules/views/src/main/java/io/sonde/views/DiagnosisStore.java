package io.sonde.views;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Diagnosed minutes and incidents, the latest first. */
final class DiagnosisStore {
    private DiagnosisStore() {}

    static Page<DiagnosedWindow, Position> windows(Connection connection, DiagnosisQuery query) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(select(query))) {
            statement.setInt(where(query).set(statement), query.limit() + 1);
            List<DiagnosedWindow> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(window(rows));
                }
            }
            return Page.of(found, query.limit(), DiagnosedWindow::position);
        }
    }

    static String select(DiagnosisQuery query) {
        return "SELECT s.series_id, s.source, s.target, w.window_start, w.revision, w.label, w.score, w.rules,"
                + " w.verdicts, w.updated_at FROM series s JOIN window_1m w ON w.series_id = s.series_id"
                + where(query).sql() + " ORDER BY w.window_start DESC, w.series_id DESC LIMIT ?";
    }

    static Page<IncidentRow, IncidentQuery.Key> incidents(Connection connection, IncidentQuery query)
            throws SQLException {
        Conditions where = where(query);
        try (PreparedStatement statement = connection.prepareStatement("SELECT " + IncidentTable.LIST
                + IncidentTable.FROM + where.sql() + " ORDER BY i.onset DESC, i.id DESC LIMIT ?")) {
            statement.setInt(where.set(statement), query.limit() + 1);
            return Page.of(IncidentTable.query(statement), query.limit(), IncidentRow::key);
        }
    }

    /** One incident, if the tenant has it. */
    record OneIncident(SeriesFilter of, String id) {}

    static Optional<IncidentRow> incident(Connection connection, OneIncident one) throws SQLException {
        Conditions where = Conditions.on(one.of()).and("i.id = ?", Conditions.text(one.id()));
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT " + IncidentTable.LIST + IncidentTable.FROM + where.sql())) {
            where.set(statement);
            return IncidentTable.query(statement).stream().findFirst();
        }
    }

    static Conditions where(DiagnosisQuery query) {
        Conditions where = Conditions.on(query.series())
                .and("w.verdicts IS NOT NULL")
                .and("w.window_start >= ?", Conditions.time(query.fromMs()))
                .and("w.window_start < ?", Conditions.time(query.toMs()));
        if (query.label() != null) {
            where.and("w.label = ?", Conditions.text(query.label()));
        }
        Position after = query.after();
        if (after != null) {
            // The first bound says nothing new; by it the planner leaves the months after the position closed.
            where.and("w.window_start <= ?", Conditions.time(after.startMs()))
                    .and(
                            "(w.window_start, w.series_id) < (?, ?)",
                            Conditions.time(after.startMs()),
                            Conditions.number(after.seriesId()));
        }
        return where;
    }

    static Conditions where(IncidentQuery query) {
        Conditions where = Conditions.on(query.series())
                .and("i.onset < ?", Conditions.time(query.toMs()))
                .and("(i.ended IS NULL OR i.ended > ?)", Conditions.time(query.fromMs()));
        if (query.label() != null) {
            where.and("i.label = ?", Conditions.text(query.label()));
        }
        if (query.state() != null) {
            where.and("i.state = ?", Conditions.text(query.state()));
        }
        IncidentQuery.Key after = query.after();
        if (after != null) {
            where.and("(i.onset, i.id) < (?, ?)", Conditions.time(after.onsetMs()), Conditions.text(after.id()));
        }
        return where;
    }

    private static DiagnosedWindow window(ResultSet rows) throws SQLException {
        return new DiagnosedWindow(
                new Position(
                        rows.getLong("series_id"),
                        Columns.epochMs(rows.getObject("window_start", OffsetDateTime.class))),
                rows.getString("source"),
                rows.getString("target"),
                rows.getLong("revision"),
                WindowColumns.diagnosis(rows),
                Columns.epochMs(rows.getObject("updated_at", OffsetDateTime.class)));
    }
}
