package io.sonde.views;

import io.sonde.views.Difference.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Compares the overviews that are not due with what their parts come to. */
final class OverviewCheckStore {
    private static final String KNOWN = "SELECT tenant, kind, min(first_window), max(last_window) FROM series"
            + " WHERE last_window > '-infinity' GROUP BY tenant, kind ORDER BY tenant, kind";
    private static final List<Resolution> RESOLUTIONS = List.of(Resolution.MINUTE, Resolution.HOUR, Resolution.DAY);

    private final Connection connection;
    private final Span span;
    private final Findings findings;

    OverviewCheckStore(Connection connection, Span span, Findings findings) {
        this.connection = connection;
        this.span = span;
        this.findings = findings;
    }

    /** Day by day, the minutes of each by the hour: so many are kept at a time. */
    void check() throws SQLException {
        long dayMs = Resolution.DAY.lengthMs();
        for (Map.Entry<TenantKind, Span> known : known().entrySet()) {
            long toMs = Math.min(span.toMs(), known.getValue().toMs());
            long fromMs = Math.max(from(), known.getValue().fromMs());
            for (long day = Resolution.DAY.startOf(fromMs); day < toMs; day += dayMs) {
                for (Resolution resolution : RESOLUTIONS) {
                    check(known.getKey(), resolution, day, day + dayMs);
                }
            }
        }
    }

    /** Of what was before there never were any, or single minutes are gone. */
    private long from() throws SQLException {
        return Stream.of(KeptFromTable.overview(connection), KeptFromTable.overviewMinutes(connection))
                .flatMap(Optional::stream)
                .mapToLong(Instant::toEpochMilli)
                .reduce(span.fromMs(), Math::max);
    }

    private void check(TenantKind of, Resolution resolution, long fromMs, long toMs) throws SQLException {
        long atATimeMs = resolution == Resolution.MINUTE ? Resolution.HOUR.lengthMs() : toMs - fromMs;
        long firstMs = from();
        for (long start = fromMs; start < toMs; start += atATimeMs) {
            Span part = new Span(start, start + atATimeMs);
            SortedMap<Long, OverviewRow> made = made(of, resolution, part);
            Map<Long, OverviewRow> stored =
                    OverviewTable.rows(connection, of, resolution, part.fromMs(), part.toMs()).stream()
                            .collect(Collectors.toMap(OverviewRow::startMs, row -> row));
            TreeSet<Long> starts = new TreeSet<>(made.keySet());
            starts.addAll(stored.keySet());
            starts.removeAll(OverviewDueTable.due(connection, of, resolution, part));
            for (long one : starts) {
                if (one >= firstMs && span.holdsWhole(resolution, one)) {
                    compare(of, resolution, one, made.get(one), stored.get(one));
                }
            }
        }
    }

    private SortedMap<Long, OverviewRow> made(TenantKind of, Resolution resolution, Span part) throws SQLException {
        return resolution == Resolution.MINUTE
                ? OverviewPartsTable.minutes(connection, of, part)
                : OverviewSum.by(resolution.lengthMs(), OverviewRollupStore.parts(connection, of, resolution, part));
    }

    private void compare(
            TenantKind of,
            Resolution resolution,
            long startMs,
            @Nullable OverviewRow made,
            @Nullable OverviewRow stored) {
        findings.overview();
        String which = "overview of " + of.tenant() + " " + of.kind() + ", " + resolution.code() + " from "
                + Instant.ofEpochMilli(startMs);
        if (stored == null) {
            findings.differs(Kind.MISSING_ROLLUP, null, null, which + ", is not there and not due");
        } else if (made == null) {
            findings.differs(Kind.ROLLUP_WITHOUT_ROWS, null, null, which + ", has no parts");
        } else {
            List<String> columns = stored.differences(made);
            if (!columns.isEmpty()) {
                String differing = ", is not what its parts come to; differing: " + String.join(", ", columns);
                findings.differs(Kind.DIFFERENT_ROLLUP, null, null, which + differing);
            }
        }
    }

    /** From when to when there are windows. */
    private Map<TenantKind, Span> known() throws SQLException {
        Map<TenantKind, Span> known = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(KNOWN);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                known.put(
                        new TenantKind(rows.getString(1), rows.getString(2)),
                        new Span(
                                Columns.epochMs(rows.getObject(3, OffsetDateTime.class)),
                                Columns.epochMs(rows.getObject(4, OffsetDateTime.class))
                                        + Resolution.MINUTE.lengthMs()));
            }
        }
        return known;
    }
}
