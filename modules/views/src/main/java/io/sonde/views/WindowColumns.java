package io.sonde.views;

import io.sonde.core.ClosedWindowsFormat;
import io.sonde.core.Distribution;
import io.sonde.core.Judgement;
import io.sonde.core.Summary;
import io.sonde.core.WindowAggregate;
import java.nio.ByteBuffer;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Rows of the window tables, read with the names of their series. */
final class WindowColumns {
    /** Of a {@code series s} and a table of windows {@code w}. */
    static final String LIST = "s.series_id, s.source, s.target, w.window_start, w.updated_at, w.success, w.errors,"
            + " w.counts, w.mins, w.maxs, w.p50s, w.p95s, w.summary, w.reasons, w.label,"
            + " w.score, w.rules, w.verdicts";

    private WindowColumns() {}

    static List<WindowRow> query(PreparedStatement statement) throws SQLException {
        List<WindowRow> found = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                found.add(row(rows));
            }
        }
        return found;
    }

    /** Of a row that has all columns but the key; the same as was written. */
    static WindowValues values(ResultSet rows) throws SQLException {
        String reasons = rows.getString("reasons");
        return new WindowValues(
                Columns.epochMs(rows.getObject("updated_at", OffsetDateTime.class)),
                rows.getLong("revision"),
                rows.getLong("success"),
                counts(rows, "errors"),
                counts(rows, "counts"),
                Arrays.asList(numbers(rows, "mins")),
                Arrays.asList(numbers(rows, "maxs")),
                Arrays.asList(numbers(rows, "p50s")),
                Arrays.asList(numbers(rows, "p95s")),
                ByteBuffer.wrap(rows.getBytes("summary")),
                reasons == null ? Map.of() : JsonColumn.counts(reasons),
                diagnosis(rows));
    }

    private static WindowRow row(ResultSet rows) throws SQLException {
        return new WindowRow(
                rows.getLong("series_id"),
                rows.getString("source"),
                aggregate(rows),
                diagnosis(rows),
                Columns.epochMs(rows.getObject("updated_at", OffsetDateTime.class)));
    }

    static WindowAggregate aggregate(ResultSet rows) throws SQLException {
        String reasons = rows.getString("reasons");
        return new WindowAggregate(
                rows.getString("target"),
                Columns.epochMs(rows.getObject("window_start", OffsetDateTime.class)),
                rows.getLong("success"),
                counts(rows, "errors"),
                reasons == null ? Map.of() : JsonColumn.counts(reasons),
                measures(rows));
    }

    static Diagnosis diagnosis(ResultSet rows) throws SQLException {
        String verdicts = rows.getString("verdicts");
        return new Diagnosis(
                rows.getString("label"),
                score(rows),
                rows.getString("rules"),
                verdicts == null ? List.of() : VerdictJson.all(verdicts));
    }

    /** 0–100, or {@link Judgement#NO_SCORE}. */
    static int score(ResultSet rows) throws SQLException {
        int score = rows.getInt("score");
        return rows.wasNull() ? Judgement.NO_SCORE : score;
    }

    static List<Distribution> measures(ResultSet rows) throws SQLException {
        List<Long> counts = counts(rows, "counts");
        List<Summary> summaries = ClosedWindowsFormat.readSummaries(rows.getBytes("summary"));
        Double[] mins = numbers(rows, "mins");
        Double[] maxs = numbers(rows, "maxs");
        Double[] p50s = numbers(rows, "p50s");
        Double[] p95s = numbers(rows, "p95s");
        List<Distribution> measures = new ArrayList<>(counts.size());
        for (int i = 0; i < counts.size(); i++) {
            Summary summary = summaries.get(i);
            measures.add(
                    counts.get(i) == 0
                            ? Distribution.EMPTY
                            : new Distribution(
                                    counts.get(i),
                                    mins.length == 0 ? summary.quantile(0) : Columns.number(mins, i),
                                    maxs.length == 0 ? summary.quantile(1) : Columns.number(maxs, i),
                                    Columns.number(p50s, i),
                                    Columns.number(p95s, i),
                                    summary));
        }
        return measures;
    }

    static List<Long> counts(ResultSet rows, String column) throws SQLException {
        Array array = rows.getArray(column);
        List<Long> counts = new ArrayList<>();
        if (array != null) {
            for (Number count : (Number[]) array.getArray()) {
                counts.add(count.longValue());
            }
        }
        return counts;
    }

    static Double[] numbers(ResultSet rows, String column) throws SQLException {
        Array array = rows.getArray(column);
        return array == null ? new Double[0] : (Double[]) array.getArray();
    }
}
