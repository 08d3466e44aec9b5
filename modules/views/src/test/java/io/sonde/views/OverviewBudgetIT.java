package io.sonde.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.core.WindowAggregate;
import java.sql.Connection;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With ten thousand series of six measures and a month of their windows: all rows that an overview is answered from. */
class OverviewBudgetIT {
    private static final int CLIENTS = 1_000;
    private static final int SERIES = 10 * CLIENTS;
    private static final int EVENTS = 12;
    private static final int MEASURES = 6;
    private static final long TO = Resolution.DAY.startOf(Given.START_MS) + 12 * Resolution.HOUR.lengthMs();
    private static final TenantKind OF = new TenantKind("default", "some");
    /** The page is to be there within 1.5 s; a node that just started answers slower than the third time. */
    private static final Duration BUDGET = Duration.ofSeconds(1);

    private static final ReadSide READ_SIDE = new ReadSide();

    @BeforeAll
    static void fill() throws Exception {
        READ_SIDE.execute("INSERT INTO series (tenant, kind, source, target, target_hash, first_window, last_window)"
                + " SELECT 'default', 'some', 'client-' || c, 'https://' || t || '.example/',"
                + " sha256(t::text::bytea), to_timestamp(" + (TO / 1_000 - 86_400) + "), to_timestamp(" + TO / 1_000
                + ") FROM generate_series(1, " + CLIENTS + ") c, generate_series(1, 10) t");
        OverviewSum sum = new OverviewSum();
        for (int series = 1; series <= SERIES; series++) {
            sum.add(series, window(series), Diagnosis.ofScore(90));
        }
        OverviewRow row = sum.row(TO);
        store(row, Resolution.MINUTE, 24 * 60);
        store(row, Resolution.HOUR, 31 * 24);
        READ_SIDE.execute("ANALYZE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1H", "PT6H", "PT24H", "P7D", "P30D"})
    void anOverviewIsThereAtOnce(Duration length) {
        OverviewQuery query = OverviewQuery.of(OF.tenant(), OF.kind(), TO - length.toMillis(), TO);
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long began = System.nanoTime();
            Overview overview = READ_SIDE.ask(OverviewStore::overview, query);
            fastest = Math.min(fastest, System.nanoTime() - began);

            assertThat(overview.all().series()).isEqualTo(SERIES);
            assertThat(overview.all().sources()).isEqualTo(CLIENTS);
            assertThat(overview.all().targets()).isEqualTo(10);
            assertThat(overview.steps()).hasSizeBetween(60, 241);
        }

        assertThat(Duration.ofNanos(fastest)).isLessThan(BUDGET);
    }

    /** One read of its windows, while nobody waits for it; a minute of it would be too long. */
    @Test
    void aMinuteOfAllSeriesIsAddedUpLongBeforeTheNextOne() throws Exception {
        READ_SIDE.write(Given.diagnosed(Given.SOURCE, TO, 1, window(1)));
        READ_SIDE.execute("INSERT INTO window_1m (series_id, window_start, updated_at, revision, success, counts, p50s,"
                + " p95s, summary) SELECT s.series_id, w.window_start, w.updated_at, w.revision, w.success, w.counts,"
                + " w.p50s, w.p95s, w.summary FROM window_1m w, series s WHERE s.source LIKE 'client-%'");
        OverviewRollupStore rollups = new OverviewRollupStore(READ_SIDE.dataSource, Duration.ZERO);

        long began = System.nanoTime();
        int made = rollups.rollUp(TO, 1);
        Duration took = Duration.ofNanos(System.nanoTime() - began);

        assertThat(made).isEqualTo(1);
        assertThat(READ_SIDE.rows("SELECT windows FROM overview WHERE resolution = '1m' AND window_start ="
                        + " to_timestamp(" + TO / 1_000 + ")"))
                .containsExactly(Integer.toString(SERIES + 1));
        assertThat(took).isLessThan(Duration.ofSeconds(15));
    }

    private static WindowAggregate window(int seed) {
        double[] values = Given.someValues(seed, EVENTS);
        return new WindowAggregate(
                "https://1.example/",
                TO,
                EVENTS,
                List.of(0L, 0L),
                Map.of(),
                Collections.nCopies(MEASURES, Given.distribution(values)));
    }

    /** The same row so many times, the last one before the end. */
    private static void store(OverviewRow row, Resolution resolution, int count) throws Exception {
        List<OverviewRow> rows = LongStream.rangeClosed(1, count)
                .mapToObj(back -> new OverviewRow(
                        TO - back * resolution.lengthMs(),
                        row.windows(),
                        row.success(),
                        row.errors(),
                        row.reasons(),
                        row.scored(),
                        row.scoreSum(),
                        row.measures(),
                        row.series()))
                .toList();
        try (Connection connection = READ_SIDE.dataSource.getConnection()) {
            OverviewTable.upsert(connection, OF, resolution, rows);
        }
    }
}
