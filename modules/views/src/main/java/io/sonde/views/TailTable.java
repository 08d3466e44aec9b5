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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code window_tail}: the highest values of minutes, a row for what a transaction writes of a minute and measure. */
final class TailTable {
    private static final String INSERT =
            "INSERT INTO window_tail (tenant, kind, measure, window_start, tails) VALUES (?, ?, ?, ?, ?)";
    private static final String SELECT = "SELECT window_start, tails FROM window_tail WHERE tenant = ? AND kind = ?"
            + " AND measure = ? AND window_start >= ? AND window_start < ? ORDER BY window_start";
    private static final int FETCH_SIZE = 100;

    private TailTable() {}

    /** Of what a row is. */
    private record Key(String tenant, String kind, int measure, long startMs) {}

    /** @param ids the numbers of all series the events tell of */
    static void insert(Connection connection, List<Diagnosed> events, Map<SeriesId, Long> ids) throws SQLException {
        Map<Key, TailFormat> packed = new HashMap<>();
        windows(events, ids)
                .forEach((series, windows) -> windows.forEach((startMs, window) -> {
                    SeriesId of = window.of();
                    for (int i = 0; i < window.aggregate().measures().size(); i++) {
                        Distribution measure = window.aggregate().measures().get(i);
                        if (measure.count() > 0) {
                            packed.computeIfAbsent(new Key(of.tenant(), of.kind(), i, startMs), any -> new TailFormat())
                                    .add(series, window.aggregate().revision(), measure);
                        }
                    }
                }));
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            for (Map.Entry<Key, TailFormat> row : packed.entrySet()) {
                statement.setString(1, StoredText.of(row.getKey().tenant()));
                statement.setString(2, StoredText.of(row.getKey().kind()));
                statement.setInt(3, row.getKey().measure());
                statement.setObject(4, Columns.time(row.getKey().startMs()));
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

    /** Minute by minute. */
    static void read(Connection connection, WorstQuery query, Tails into) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SELECT)) {
            statement.setFetchSize(FETCH_SIZE);
            statement.setString(1, StoredText.of(query.series().tenant()));
            statement.setString(2, StoredText.of(query.series().kind()));
            statement.setInt(3, query.measure());
            statement.setObject(4, Columns.time(query.fromMs()));
            statement.setObject(5, Columns.time(query.toMs()));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    into.minute(Columns.epochMs(rows.getObject(1, OffsetDateTime.class)));
                    TailFormat.read(rows.getBytes(2), into);
                }
            }
        }
    }
}
