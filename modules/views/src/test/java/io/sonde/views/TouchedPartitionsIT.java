package io.sonde.views;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * No question opens more months than its time. What a statement opens it has locked until the end of its transaction; each
 * is asked so often that PostgreSQL may take a plan that does not know the time.
 */
class TouchedPartitionsIT {
    private static final int OFTEN = 12;
    private static final SeriesFilter ALL = new SeriesFilter("default", "some", null, null);
    private static final SeriesFilter ONE =
            new SeriesFilter("default", "some", Given.SOURCE.source(), "https://labelled.example/");
    private static final ReadSide READ_SIDE = filled();

    @ParameterizedTest
    @EnumSource(Resolution.class)
    void windows(Resolution resolution) {
        for (SeriesFilter series : new SeriesFilter[] {ALL, ONE}) {
            for (Position after : new Position[] {null, new Position(0, at("2025-10-07T12:00:00Z"))}) {
                WindowQuery query = new WindowQuery(
                        series, resolution, at("2025-10-07T00:00:00Z"), at("2025-10-08T00:00:00Z"), after, 100);

                Set<String> touched = touched(WindowStore::page, query);

                assertThat(touched).isSubsetOf("window_1m_2025_10", "window_1h_2025_10");
                assertThat(touched).as("something was read").isEqualTo(tables(resolution));
            }
        }
    }

    @Test
    void windowsOfTwoMonths() {
        WindowQuery query = new WindowQuery(
                ALL, Resolution.MINUTE, at("2025-09-30T23:00:00Z"), at("2025-10-01T01:00:00Z"), null, 100);

        assertThat(touched(WindowStore::page, query)).containsExactly("window_1m_2025_09", "window_1m_2025_10");
    }

    @Test
    void theWorstSeries() {
        for (SeriesFilter series : new SeriesFilter[] {ALL, ONE}) {
            WorstQuery query =
                    new WorstQuery(series, 0, false, at("2025-10-07T10:00:00Z"), at("2025-10-07T11:00:00Z"), 20);

            assertThat(touched(new WorstStore(new TailMemory(0))::worst, query)).containsExactly("window_1m_2025_10");
        }
    }

    /** However many series and windows there are, what is read are rows of which a day has 1,440. */
    @Test
    void overviewsTouchNoWindows() {
        for (int days : new int[] {1, 30, 150}) {
            long toMs = at("2025-12-08T00:00:00Z");
            OverviewQuery query = OverviewQuery.of(
                    "default", "some", toMs - Duration.ofDays(days).toMillis(), toMs);

            assertThat(touched(OverviewStore::overview, query)).isEmpty();
            assertThat(READ_SIDE.ask(OverviewStore::overview, query).all().windows())
                    .isPositive();
        }
    }

    @Test
    void aMinuteOfAllSeriesIsReadInItsMonth() {
        Span minute = new Span(at("2025-10-07T20:01:00Z"), at("2025-10-07T20:02:00Z"));

        assertThat(touched(
                        (connection, span) ->
                                OverviewPartsTable.minutes(connection, new TenantKind("default", "some"), span),
                        minute))
                .containsExactly("window_1m_2025_10");
    }

    @Test
    void aDistribution() {
        DistributionQuery minutes =
                new DistributionQuery(ONE, 0, at("2025-10-07T00:00:00Z"), at("2025-10-08T00:00:00Z"));
        DistributionQuery hours = new DistributionQuery(ONE, 0, at("2025-10-01T00:00:00Z"), at("2025-10-31T00:00:00Z"));

        assertThat(touched(DistributionStore::merged, minutes)).containsExactly("window_1m_2025_10");
        assertThat(touched(DistributionStore::merged, hours)).containsExactly("window_1h_2025_10", "window_1m_2025_10");
    }

    @Test
    void theLastWindows() {
        LastQuery query = new LastQuery("default", "some", at("2025-12-07T09:00:00Z"), 100);

        // Nothing says when the last ones end.
        assertThat(touched(LastWindowTable::last, query))
                .contains("window_1m_2025_12")
                .noneMatch(partition -> partition.compareTo("window_1m_2025_12") < 0);
    }

    @Test
    void diagnosedMinutes() {
        for (Position after : new Position[] {null, new Position(1, at("2025-10-07T10:01:00Z"))}) {
            DiagnosisQuery query =
                    new DiagnosisQuery(ALL, null, at("2025-10-07T10:00:00Z"), at("2025-10-07T11:00:00Z"), after, 100);

            assertThat(touched(DiagnosisStore::windows, query)).containsExactly("window_1m_2025_10");
        }
    }

    @Test
    void incidentsTouchNoWindows() {
        IncidentQuery query =
                new IncidentQuery(ALL, null, null, at("2025-10-07T10:00:00Z"), at("2025-10-07T11:00:00Z"), null, 100);

        assertThat(touched(DiagnosisStore::incidents, query)).isEmpty();
    }

    @Test
    void namesTouchNoWindows() {
        assertThat(touched(CatalogueStore::series, new SeriesQuery(ALL, null, 100)))
                .isEmpty();
        NameQuery names = new NameQuery("default", "some", "", "", null, NameQuery.Order.NAME, 0, null, 100);
        assertThat(touched(NameStore::sources, names)).isEmpty();
        assertThat(touched(NameStore::targets, names)).isEmpty();
    }

    /** Asked on a connection of its own, whose plan may open more; it reads no more. */
    @Test
    void whatIsUsualAtAnHour() throws Exception {
        assertThat(readOfUsualHours(at("2025-10-20T10:00:00Z"))).containsExactly("window_1h_2025_10");
        assertThat(readOfUsualHours(at("2025-10-03T10:00:00Z")))
                .containsExactly("window_1h_2025_09", "window_1h_2025_10");
    }

    @Test
    void onlyAQuestionOfAllTimeOpensAllMonths() {
        assertThat(touched(DiagnosisStore::windows, new DiagnosisQuery(ALL, null, 0, 1L << 47, null, 100)))
                .contains("window_1m_2025_08", "window_1m_2025_12");
    }

    /** Days are in one table; what is due of them is made of hours and these of minutes, in their months. */
    private static Set<String> tables(Resolution resolution) {
        return switch (resolution) {
            case MINUTE, FIVE_MINUTES -> Set.of("window_1m_2025_10");
            case HOUR, DAY -> Set.of("window_1m_2025_10", "window_1h_2025_10");
        };
    }

    private static <Q, A> Set<String> touched(SnapshotStore.Question<Q, A> by, Q query) {
        return READ_SIDE.ask(
                (connection, any) -> {
                    for (int i = 0; i < OFTEN; i++) {
                        by.answer(connection, query);
                    }
                    return locked(connection);
                },
                query);
    }

    private static Set<String> readOfUsualHours(long hourMs) throws SQLException {
        try (Connection connection = READ_SIDE.unpooled()) {
            connection.setAutoCommit(false);
            for (int i = 0; i < OFTEN; i++) {
                UsualHoursStore.hours(connection, Given.SOURCE, hourMs);
            }
            return names(
                    connection,
                    "SELECT relname FROM pg_stat_xact_user_tables"
                            + " WHERE relname LIKE 'window\\_1%' AND seq_scan + coalesce(idx_scan, 0) > 0");
        }
    }

    private static Set<String> locked(Connection connection) throws SQLException {
        return names(
                connection,
                "SELECT c.relname FROM pg_locks l JOIN pg_class c ON c.oid = l.relation"
                        + " WHERE l.pid = pg_backend_pid() AND c.relispartition AND c.relkind = 'r'");
    }

    private static Set<String> names(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            Set<String> names = new TreeSet<>();
            while (rows.next()) {
                names.add(rows.getString(1));
            }
            return names;
        }
    }

    /** Some minutes of two targets on a day of each of five months; those of the evening are not rolled up. */
    private static ReadSide filled() {
        ReadSide readSide = new ReadSide();
        for (int month = 8; month <= 12; month++) {
            write(readSide, at(String.format("2025-%02d-07T10:00:00Z", month)));
        }
        while (readSide.rollUp(at("2026-01-01T00:00:00Z")) > 0) {}
        readSide.rollUpOverviews(at("2026-01-01T00:00:00Z"));
        for (int month = 8; month <= 12; month++) {
            write(readSide, at(String.format("2025-%02d-07T20:00:00Z", month)));
        }
        return readSide;
    }

    private static void write(ReadSide readSide, long fromMs) {
        for (int minute = 0; minute < 3; minute++) {
            long startMs = fromMs + minute * Duration.ofMinutes(1).toMillis();
            readSide.write(Given.diagnosed(
                    Given.SOURCE,
                    startMs,
                    startMs + 63_000,
                    Given.window("https://labelled.example/", startMs, 0, 1, 2, 3),
                    Given.window("https://other.example/", startMs, 1, 4, 5)));
        }
    }

    private static long at(String time) {
        return Instant.parse(time).toEpochMilli();
    }
}
