package io.sonde.views;

import io.sonde.core.Minute;
import io.sonde.core.SeriesId;
import io.sonde.views.Difference.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares minutes with the journal, source by source: the highest revision that was journalled is the row, column by
 * column. Keeps one bit for each minute of one source and one for each series.
 */
final class MinuteCheckStore {
    private static final int ROWS_AT_A_TIME = 2_000;

    private final Connection connection;
    private final Span span;
    private final Findings findings;
    private final Map<Integer, JournalOffset> copiedUpTo;
    private final BitSet journalled = new BitSet();
    private final Map<SeriesId, Long> ids = new HashMap<>();
    private final Map<Long, Accounted> ofSource = new TreeMap<>();
    private final List<Diagnosed> waiting = new ArrayList<>();
    private int waitingWindows;
    private String persistenceId = "";

    MinuteCheckStore(Connection connection, Span span, Findings findings) throws SQLException {
        this.connection = connection;
        this.span = span;
        this.findings = findings;
        this.copiedUpTo = OffsetTable.all(connection);
    }

    /** Minutes of one series that are accounted for; {@code rows} of them have a row. */
    private static final class Accounted {
        private final SeriesId series;
        private final BitSet minutes = new BitSet();
        private final BitSet different = new BitSet();
        private long rows;

        Accounted(SeriesId series) {
            this.series = series;
        }
    }

    /** Events of one source come one after the other, in order. */
    void check(int slice, String source, Journalled event) throws SQLException {
        if (!source.equals(persistenceId)) {
            endOfSource();
            persistenceId = source;
        }
        if (event.offset().compareTo(copiedUpTo.getOrDefault(slice, JournalOffset.START)) > 0) {
            findings.notCopied();
            return;
        }
        findings.event();
        if (span.holds(event.diagnosed().event().closed().startMs())) {
            waiting.add(event.diagnosed());
            waitingWindows += event.diagnosed().event().closed().windows().size();
            if (waitingWindows >= ROWS_AT_A_TIME) {
                compareWaiting();
            }
        }
    }

    /** To be called after the last event of all. */
    void endOfSource() throws SQLException {
        compareWaiting();
        Map<Long, Long> rows = StoredWindowsTable.count(connection, WindowTable.MINUTES, ofSource.keySet(), span);
        for (Map.Entry<Long, Accounted> entry : ofSource.entrySet()) {
            Accounted accounted = entry.getValue();
            long surplus = rows.getOrDefault(entry.getKey(), 0L) - accounted.rows;
            if (surplus > 0) {
                surplus(entry.getKey(), accounted.series, accounted.minutes, surplus);
            }
            if (entry.getKey() >= 0) {
                journalled.set(Math.toIntExact(entry.getKey()));
            }
        }
        ofSource.clear();
        ids.clear();
    }

    /** Series that no event was of: they have no rows. */
    void checkOthers(Map<Long, SeriesId> series) throws SQLException {
        Map<Long, SeriesId> others = new TreeMap<>(series);
        others.keySet().removeIf(id -> journalled.get(Math.toIntExact(id)));
        Map<Long, Long> rows = StoredWindowsTable.count(connection, WindowTable.MINUTES, others.keySet(), span);
        for (Map.Entry<Long, Long> entry : rows.entrySet()) {
            SeriesId of = others.get(entry.getKey());
            if (of != null) {
                surplus(entry.getKey(), of, new BitSet(), entry.getValue());
            }
        }
    }

    private void surplus(long id, SeriesId series, BitSet accounted, long count) throws SQLException {
        List<Position> named = StoredWindowsTable.starts(
                connection, WindowTable.MINUTES, id, span, startMs -> !accounted.get(index(startMs)), (int)
                        Math.min(count, findings.room()));
        for (Position row : named) {
            findings.differs(Kind.ROW_WITHOUT_EVENT, series, row.startMs(), "no event has its revision");
        }
        if (count > named.size()) {
            findings.differs(Kind.ROW_WITHOUT_EVENT, count - named.size());
        }
    }

    private void compareWaiting() throws SQLException {
        findSeries();
        Collection<WindowRow> expected = WindowTable.onePerKey(ReadSideStore.rows(waiting, ids));
        Map<Position, WindowValues> rows = StoredWindowsTable.at(
                connection,
                WindowTable.MINUTES,
                expected.stream().map(WindowRow::position).toList());
        for (WindowRow row : expected) {
            compare(row, rows.get(row.position()));
        }
        waiting.clear();
        waitingWindows = 0;
    }

    /** A series that the read side does not know gets a number that no row has. */
    private void findSeries() throws SQLException {
        Set<SeriesId> unknown = ReadSideStore.seriesOf(waiting);
        unknown.removeAll(ids.keySet());
        Map<SeriesId, Long> found = SeriesTable.find(connection, List.copyOf(unknown));
        for (SeriesId series : unknown) {
            long id = found.getOrDefault(series, -1L - ids.size());
            ids.put(series, id);
            ofSource.computeIfAbsent(id, any -> new Accounted(series));
        }
    }

    /** A row of a higher revision is that of an event still to come; of two events with one revision the first holds. */
    private void compare(WindowRow row, @Nullable WindowValues stored) {
        Accounted accounted = Objects.requireNonNull(ofSource.get(row.seriesId()));
        WindowValues expected = WindowValues.of(row);
        long startMs = row.aggregate().startMs();
        int minute = index(startMs);
        boolean again = accounted.minutes.get(minute);
        boolean stillToCome = stored != null && stored.revision() > expected.revision();
        boolean saidOrRight = again && (stored == null || stored.revision() == expected.revision());
        if (stillToCome || saidOrRight) {
            return;
        }
        if (!again) {
            accounted.minutes.set(minute);
            findings.window();
        }
        if (stored == null) {
            findings.differs(
                    Kind.MISSING_ROW, accounted.series, startMs, "revision " + expected.revision() + " was journalled");
            return;
        }
        accounted.rows += again ? 0 : 1;
        List<String> columns = expected.differences(stored);
        if (!columns.isEmpty() && !accounted.different.get(minute)) {
            accounted.different.set(minute);
            findings.differs(
                    Kind.DIFFERENT_ROW,
                    accounted.series,
                    startMs,
                    "revision " + expected.revision() + " was journalled, " + stored.revision()
                            + " is there; differing: " + String.join(", ", columns));
        }
    }

    private int index(long startMs) {
        return Math.toIntExact((startMs - span.fromMs()) / Minute.LENGTH_MS);
    }
}
