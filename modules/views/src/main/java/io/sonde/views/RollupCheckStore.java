package io.sonde.views;

import io.sonde.core.SeriesId;
import io.sonde.views.Difference.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Compares the hours and days that are not due with what their parts come to. */
final class RollupCheckStore {
    private static final int WHOLES_AT_A_TIME = 50;

    /** Windows of this length that exist or have parts, and nothing in them is due. */
    private static final String NOT_DUE =
            """
            WITH due AS MATERIALIZED (
                SELECT DISTINCT series_id, date_trunc('%1$s', window_start, 'UTC') AS start FROM rollup_due
                WHERE series_id = ANY(?) AND resolution IN ('1h', '%2$s'))
            SELECT series_id, start
            FROM (SELECT DISTINCT series_id, date_trunc('%1$s', window_start, 'UTC') AS start FROM %3$s
                  WHERE series_id = ANY(?) AND window_start >= ? AND window_start < ?
                  UNION
                  SELECT series_id, window_start FROM %4$s
                  WHERE series_id = ANY(?) AND window_start >= ? AND window_start < ?) present
            WHERE NOT EXISTS (SELECT 1 FROM due WHERE due.series_id = present.series_id AND due.start = present.start)
            ORDER BY 1, 2
            """;

    private final Connection connection;
    private final Span span;
    private final Findings findings;

    RollupCheckStore(Connection connection, Span span, Findings findings) {
        this.connection = connection;
        this.span = span;
        this.findings = findings;
    }

    void check(Map<Long, SeriesId> series) throws SQLException {
        check(series, WindowTable.HOURS, WindowTable.MINUTES);
        check(series, WindowTable.DAYS, WindowTable.HOURS);
    }

    private void check(Map<Long, SeriesId> series, WindowTable wholes, WindowTable parts) throws SQLException {
        List<Position> all = notDue(series, wholes, parts);
        for (int i = 0; i < all.size(); i += WHOLES_AT_A_TIME) {
            List<Position> some = all.subList(i, Math.min(all.size(), i + WHOLES_AT_A_TIME));
            Map<Position, WindowValues> made = new HashMap<>();
            for (WindowRow row : Merging.into(
                    wholes.resolution(), PartsTable.within(connection, parts, wholes.resolution(), some))) {
                made.put(row.position(), WindowValues.of(row));
            }
            Map<Position, WindowValues> stored = StoredWindowsTable.at(connection, wholes, some);
            for (Position whole : some) {
                SeriesId of = Objects.requireNonNull(series.get(whole.seriesId()));
                compare(wholes.name(), of, whole, made.get(whole), stored.get(whole));
            }
        }
    }

    private void compare(
            String table, SeriesId series, Position whole, @Nullable WindowValues made, @Nullable WindowValues stored) {
        findings.rollup();
        if (stored == null) {
            findings.differs(Kind.MISSING_ROLLUP, series, whole.startMs(), table + " has no row and it is not due");
        } else if (made == null) {
            findings.differs(Kind.ROLLUP_WITHOUT_ROWS, series, whole.startMs(), table + " has a row without parts");
        } else if (!made.equals(stored)) {
            findings.differs(
                    Kind.DIFFERENT_ROLLUP,
                    series,
                    whole.startMs(),
                    table + " is not what its parts come to; differing: "
                            + String.join(", ", made.differences(stored)));
        }
    }

    private List<Position> notDue(Map<Long, SeriesId> series, WindowTable wholes, WindowTable parts)
            throws SQLException {
        String unit = wholes.resolution().name().toLowerCase(Locale.ROOT);
        String sql = NOT_DUE.formatted(unit, wholes.resolution().code(), parts.name(), wholes.name());
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            Object[] ids = series.keySet().toArray();
            for (int at : new int[] {1, 2, 5}) {
                statement.setArray(at, connection.createArrayOf("int8", ids));
            }
            for (int at : new int[] {3, 6}) {
                statement.setObject(at, Columns.time(span.fromMs()));
                statement.setObject(at + 1, Columns.time(span.toMs()));
            }
            List<Position> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    long startMs = Columns.epochMs(rows.getObject(2, OffsetDateTime.class));
                    if (span.holdsWhole(wholes.resolution(), startMs)) {
                        found.add(new Position(rows.getLong(1), startMs));
                    }
                }
            }
            return found;
        }
    }
}
