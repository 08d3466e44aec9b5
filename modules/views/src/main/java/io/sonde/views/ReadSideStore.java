package io.sonde.views;

import io.sonde.core.ClosedWindows;
import io.sonde.core.SeriesId;
import io.sonde.core.WindowAggregate;
import io.sonde.diagnosis.DiagnosisEvent.WindowsDiagnosed;
import io.sonde.diagnosis.Incident;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Writes events of the journal into the read side's tables, in the caller's transaction. The same rows come of any
 * order of the events and of any number of repetitions. Remembers what it has looked up, so each writer has its own.
 */
final class ReadSideStore {
    private final PartitionTable partitions = new PartitionTable();
    private final SeriesTable series;

    /** @param rememberedSeries how many series are looked up only once */
    ReadSideStore(int rememberedSeries) {
        series = new SeriesTable(rememberedSeries);
    }

    /** Leaves out what is older than anything that is kept. */
    void write(Connection connection, List<Diagnosed> all) throws SQLException {
        Set<YearMonth> gone = partitions.ensure(
                connection, all.stream().map(ReadSideStore::startMs).toList());
        List<Diagnosed> events = all.stream()
                .filter(diagnosed -> !gone.contains(PartitionTable.month(startMs(diagnosed))))
                .toList();
        List<ClosedWindows> closed =
                events.stream().map(diagnosed -> diagnosed.event().closed()).toList();
        Map<SeriesId, Long> ids = series.ids(connection, seriesOf(events));
        List<WindowRow> rows = rows(events, ids);
        List<Position> positions = rows.stream().map(WindowRow::position).toList();
        WindowTable.MINUTES.upsert(connection, rows);
        TailTable.insert(connection, events, ids);
        IncidentTable.upsert(connection, incidents(events, ids));
        RollupDueTable.mark(connection, Resolution.HOUR, positions);
        OverviewDueTable.mark(connection, closed);
        series.advance(connection, positions);
        SourceTable.say(connection, closed);
    }

    private static long startMs(Diagnosed diagnosed) {
        return diagnosed.event().closed().startMs();
    }

    static Set<SeriesId> seriesOf(List<Diagnosed> events) {
        Set<SeriesId> all = new LinkedHashSet<>();
        for (Diagnosed diagnosed : events) {
            ClosedWindows windows = diagnosed.event().closed();
            for (WindowAggregate window : windows.windows()) {
                all.add(windows.source().series(window.target()));
            }
            for (Incident incident : diagnosed.event().incidents()) {
                all.add(windows.source().series(incident.target()));
            }
        }
        return all;
    }

    /** What the events come to; of one window there may be several revisions. */
    static List<WindowRow> rows(List<Diagnosed> events, Map<SeriesId, Long> ids) {
        List<WindowRow> rows = new ArrayList<>();
        for (Diagnosed diagnosed : events) {
            ClosedWindows closed = diagnosed.event().closed();
            for (WindowAggregate window : closed.windows()) {
                SeriesId of = closed.source().series(window.target());
                rows.add(new WindowRow(
                        Objects.requireNonNull(ids.get(of), () -> "no number for " + of),
                        of.source(),
                        window,
                        Diagnosis.of(diagnosed.event().judgements().get(window.target())),
                        diagnosed.writtenMs()));
            }
        }
        return rows;
    }

    /** Of each incident that an event tells of, what it tells last: so it holds for whoever journalled it, too. */
    static Collection<Incident> told(WindowsDiagnosed event) {
        Map<String, Incident> last = new LinkedHashMap<>();
        event.incidents().forEach(incident -> last.put(incident.id(), incident));
        return last.values();
    }

    /** What the events tell of incidents; of one there may be several versions. */
    static List<IncidentRow> incidents(List<Diagnosed> events, Map<SeriesId, Long> ids) {
        List<IncidentRow> rows = new ArrayList<>();
        for (Diagnosed diagnosed : events) {
            for (Incident incident : told(diagnosed.event())) {
                SeriesId of = diagnosed.event().closed().source().series(incident.target());
                long id = Objects.requireNonNull(ids.get(of), () -> "no number for " + of);
                rows.add(IncidentRow.of(id, of.source(), incident, diagnosed.writtenMs()));
            }
        }
        return rows;
    }
}
