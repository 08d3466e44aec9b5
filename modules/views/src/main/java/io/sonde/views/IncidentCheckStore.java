package io.sonde.views;

import io.sonde.core.SeriesId;
import io.sonde.diagnosis.Incident;
import io.sonde.views.Difference.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares the incidents that began in a span with the journal, source by source: the highest version that was journalled
 * is the row, column by column. Keeps a number for each series that has any.
 */
final class IncidentCheckStore {
    private static final String COUNT = "SELECT series_id, count(*) FROM incident"
            + " WHERE series_id = ANY(?) AND onset >= ? AND onset < ? GROUP BY series_id";

    /** Names tell the series: numbers are the read side's own. */
    private static final long NO_NUMBER = 0;

    private final Connection connection;
    private final Span span;
    private final Findings findings;
    private final Map<Integer, JournalOffset> copiedUpTo;
    private final Map<String, Told> ofSource = new TreeMap<>();
    private final Map<Long, Long> accounted = new HashMap<>();
    private String persistenceId = "";

    IncidentCheckStore(Connection connection, Span span, Findings findings) throws SQLException {
        this.connection = connection;
        this.span = span;
        this.findings = findings;
        this.copiedUpTo = OffsetTable.all(connection);
    }

    /** The newest that was journalled of one. */
    private record Told(SeriesId series, IncidentRow row) {
        private static Told newer(Told one, Told other) {
            return other.row().version() > one.row().version() ? other : one;
        }
    }

    /** Events of one source come one after the other, in order. */
    void check(int slice, String source, Journalled event) throws SQLException {
        if (!source.equals(persistenceId)) {
            endOfSource();
            persistenceId = source;
        }
        if (event.offset().compareTo(copiedUpTo.getOrDefault(slice, JournalOffset.START)) > 0) {
            return;
        }
        Diagnosed diagnosed = event.diagnosed();
        for (Incident incident : ReadSideStore.told(diagnosed.event())) {
            if (span.holds(incident.onsetMs())) {
                SeriesId series = diagnosed.event().closed().source().series(incident.target());
                IncidentRow row = IncidentRow.of(NO_NUMBER, series.source(), incident, diagnosed.writtenMs());
                ofSource.merge(row.id(), new Told(series, row), Told::newer);
            }
        }
    }

    /** To be called after the last event of all. */
    void endOfSource() throws SQLException {
        if (ofSource.isEmpty()) {
            return;
        }
        Map<String, IncidentRow> stored = new HashMap<>();
        for (IncidentRow row : IncidentTable.find(connection, ofSource.keySet())) {
            stored.put(row.id(), row);
        }
        for (Told told : ofSource.values()) {
            compare(told, stored.get(told.row().id()));
        }
        ofSource.clear();
    }

    /** Series of which more incidents are there than were journalled; to be called after {@link #endOfSource}. */
    void checkOthers(Map<Long, SeriesId> series) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(COUNT)) {
            statement.setArray(
                    1, connection.createArrayOf("int8", series.keySet().toArray()));
            statement.setObject(2, Columns.time(span.fromMs()));
            statement.setObject(3, Columns.time(span.toMs()));
            try (ResultSet counts = statement.executeQuery()) {
                while (counts.next()) {
                    long surplus = counts.getLong(2) - accounted.getOrDefault(counts.getLong(1), 0L);
                    if (surplus > 0) {
                        findings.differs(
                                Kind.INCIDENT_WITHOUT_EVENT,
                                series.get(counts.getLong(1)),
                                span.fromMs(),
                                surplus + " of the series' incidents since then were never journalled");
                    }
                }
            }
        }
    }

    private void compare(Told told, @Nullable IncidentRow stored) {
        findings.incident();
        IncidentRow expected = told.row();
        String journalled = "version " + expected.version() + " of " + expected.id() + " was journalled";
        if (stored == null) {
            findings.differs(Kind.MISSING_INCIDENT, told.series(), expected.onsetMs(), journalled);
            return;
        }
        if (span.holds(stored.onsetMs())) {
            accounted.merge(stored.seriesId(), 1L, Long::sum);
        }
        var columns = expected.differences(stored);
        if (!columns.isEmpty()) {
            findings.differs(
                    Kind.DIFFERENT_INCIDENT,
                    told.series(),
                    expected.onsetMs(),
                    journalled + ", " + stored.version() + " is there; differing: " + String.join(", ", columns));
        }
    }
}
