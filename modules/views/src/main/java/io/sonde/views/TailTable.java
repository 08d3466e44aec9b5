package io.sonde.views;

import io.sonde.core.ClosedWindows;
import io.sonde.core.Distribution;
import io.sonde.core.SeriesId;
import io.sonde.core.WindowAggregate;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code window_tail}: the highest values of minutes, a row for what a transaction writes of a minute and measure. */
final class TailTable {
    private static final String INSERT =
            "INSERT INTO window_tail (tenant, kind, measure, window_start, tails) VALUES (?, ?, ?, ?, ?)";
    private static final String OF = " FROM window_tail WHERE tenant = ? AND kind = ? AND measure = ? AND window_start";
    private static final String ROWS =
            "SELECT window_start, number" + OF + " >= ? AND window_start < ? ORDER BY window_start, number";
    private static final String SELECT = "SELECT tails" + OF + " = ? AND number = ANY(?)";
    private static final int FETCH_SIZE = 100;

    private TailTable() {}

    /** @param ids the numbers of all series the events tell of */
    static void insert(Connection connection, List<Diagnosed> events, Map<SeriesId, Long> ids) throws SQLException {
        Map<TailMemory.Key, TailFormat> packed = new HashMap<>();
        windows(events, ids)
                .forEach((series, windows) -> windows.forEach((startMs, window) -> {
                    SeriesId of = window.of();
                    for (int i = 0; i < window.aggregate().measures().size(); i++) {
                        Distribution measure = window.aggregate().measures().get(i);
                        if (measure.count() > 0) {
                            packed.computeIfAbsent(
                                            new TailMemory.Key(of.tenant(), of.kind(), i, startMs),
                                            any -> new TailFormat())
                                    .add(series, window.aggregate().revision(), measure);
                        }
                    }
                }));
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            for (Map.Entry<TailMemory.Key, TailFormat> row : packed.entrySet()) {
                set(statement, row.getKey());
                statement.setBytes(5, row.getValue().toBytes());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private record OfSeries(SeriesId of, WindowAggregate aggregate) {}

    /** By series and start, the highest revision of each. */
    private static Map<Long, Map<Long, OfSeries>> windows(List<Diagnosed> events, Map<SeriesId, Long> ids) {
        TreeMap<Long, Map<Long, OfSeries>> windows = new TreeMap<>();
        for (Diagnosed diagnosed : events) {
            ClosedWindows closed = diagnosed.event().closed();
            for (WindowAggregate window : closed.windows()) {
                SeriesId of = closed.source().series(window.target());
                windows.computeIfAbsent(ids.get(of), any -> new HashMap<>())
                        .merge(window.startMs(), new OfSeries(of, window), TailTable::higher);
            }
        }
        return windows;
    }

    private static OfSeries higher(OfSeries a, OfSeries b) {
        return b.aggregate().revision() > a.aggregate().revision() ? b : a;
    }

    /** The numbers of the rows there are of each minute. */
    static Map<TailMemory.Key, List<Long>> rows(Connection connection, WorstQuery query) throws SQLException {
        SeriesFilter of = query.series();
        try (PreparedStatement statement = connection.prepareStatement(ROWS)) {
            set(statement, new TailMemory.Key(of.tenant(), of.kind(), query.measure(), query.fromMs()));
            statement.setObject(5, Columns.time(query.toMs()));
            Map<TailMemory.Key, List<Long>> found = new LinkedHashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    long startMs = Columns.epochMs(rows.getObject(1, OffsetDateTime.class));
                    found.computeIfAbsent(
                                    new TailMemory.Key(of.tenant(), of.kind(), query.measure(), startMs),
                                    any -> new ArrayList<>())
                            .add(rows.getLong(2));
                }
            }
            return found;
        }
    }

    /** What some rows of a minute say. */
    static List<MinuteTails> read(Connection connection, TailMemory.Key of, List<Long> numbers) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SELECT)) {
            statement.setFetchSize(FETCH_SIZE);
            set(statement, of);
            statement.setArray(5, connection.createArrayOf("int8", numbers.toArray()));
            List<MinuteTails> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(TailFormat.read(rows.getBytes(1)));
                }
            }
            return found;
        }
    }

    private static void set(PreparedStatement statement, TailMemory.Key of) throws SQLException {
        statement.setString(1, StoredText.of(of.tenant()));
        statement.setString(2, StoredText.of(of.kind()));
        statement.setInt(3, of.measure());
        statement.setObject(4, Columns.time(of.startMs()));
    }
}
