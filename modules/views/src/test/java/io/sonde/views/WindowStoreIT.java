package io.sonde.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.sonde.core.SourceId;
import io.sonde.core.Unavailable;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class WindowStoreIT {
    private static final ReadSide READ_SIDE = filled();

    @Property(tries = 100)
    void pagesOfAnySizeGiveEveryWindowOnceAndInOrder(
            @ForAll Resolution resolution, @ForAll @IntRange(min = 1, max = 40) int size) {
        long from = Resolution.DAY.startOf(Given.START_MS);
        long to = from + Duration.ofDays(4).toMillis();

        List<WindowRow> paged = READ_SIDE.all(resolution, from, to, size);

        List<WindowRow> atOnce = READ_SIDE.all(resolution, from, to, 1_000);
        assertThat(paged).isEqualTo(atOnce).isNotEmpty();
        assertThat(paged).extracting(WindowRow::position).isSorted().doesNotHaveDuplicates();
    }

    @Property(tries = 100)
    void aSpanGivesExactlyTheWindowsThatStartInIt(
            @ForAll @IntRange(max = 300) int fromMinute, @ForAll @IntRange(min = 1, max = 300) int length) {
        long from = Given.minute(fromMinute);
        long to = Given.minute(fromMinute + length);

        Set<Long> starts = new TreeSet<>();
        READ_SIDE
                .all(Resolution.MINUTE, from, to, 500)
                .forEach(row -> starts.add(row.aggregate().startMs()));

        assertThat(starts)
                .containsExactlyElementsOf(IntStream.range(0, 60)
                        .mapToObj(i -> Given.minute(i * 17))
                        .filter(start -> start >= from && start < to)
                        .toList());
    }

    @Property(tries = 100)
    void everyWindowIsWholeWhereverTheSpanCutsIt(
            @ForAll Resolution resolution,
            @ForAll @LongRange(max = 18_000_000) long fromOffsetMs,
            @ForAll @LongRange(min = 1, max = 18_000_000) long lengthMs) {
        long from = Given.START_MS + fromOffsetMs;
        long to = from + lengthMs;
        long dayBefore = Resolution.DAY.startOf(from);
        long dayAfter = dayBefore + Duration.ofDays(3).toMillis();

        List<WindowRow> cut = READ_SIDE.all(resolution, from, to, 500);

        assertThat(cut)
                .isEqualTo(READ_SIDE.all(resolution, dayBefore, dayAfter, 500).stream()
                        .filter(row -> row.aggregate().startMs() >= resolution.startOf(from)
                                && row.aggregate().startMs() < to)
                        .toList());
    }

    @Example
    void oneHourOpensThePartitionOfItsMonthAlone() {
        ReadSide readSide = filled();
        WindowQuery hour = new WindowQuery(
                new SeriesFilter("default", "some", "berlin-1", null),
                Resolution.MINUTE,
                Given.minute(0),
                Given.minute(60),
                null,
                100);
        readSide.execute("SELECT ensure_window_partition('2025-10-10Z'), ensure_window_partition('2025-12-10Z')");

        String plan = readSide.explain(WindowTable.MINUTES, hour);

        assertThat(plan).contains("window_1m_2025_11").doesNotContain("_2025_10", "_2025_12", "_2026");
    }

    @Example
    void seriesSourcesAndTargetsAreListedInPages() {
        SeriesFilter all = new SeriesFilter("default", "some", null, null);

        Page<Listed.Series, SeriesQuery.Key> first =
                READ_SIDE.ask(CatalogueStore::series, new SeriesQuery(all, null, 5));
        Page<Listed.Series, SeriesQuery.Key> second =
                READ_SIDE.ask(CatalogueStore::series, new SeriesQuery(all, first.last(), 5));

        assertThat(first.items()).hasSize(5);
        assertThat(second.items()).hasSize(1);
        assertThat(second.next()).isEmpty();
        Set<Listed.Series> series = new HashSet<>(first.items());
        series.addAll(second.items());
        assertThat(series).hasSize(6).allSatisfy(one -> {
            assertThat(one.firstWindowMs()).isEqualTo(Given.minute(0));
            assertThat(one.lastWindowMs()).isEqualTo(Given.minute(59 * 17));
        });
        assertThat(READ_SIDE.ask(NameStore::sources, names("", "")).items())
                .extracting(Listed.Source::source, Listed.Source::series, source -> source.attributes()
                        .get("place"))
                .containsExactly(tuple("berlin-1", 3L, "office"), tuple("paris-1", 3L, "office"));
        assertThat(READ_SIDE.ask(NameStore::targets, names("https://b", "")).items())
                .extracting(Listed.Target::target, Listed.Target::sources)
                .containsExactly(tuple("https://b.example/", 2L));
        assertThat(READ_SIDE.ask(NameStore::targets, names("", "C.EXAMPLE")).items())
                .extracting(Listed.Target::target)
                .containsExactly("https://c.example/");
    }

    @Example
    void anotherTenantSeesNothing() {
        assertThat(READ_SIDE
                        .page(new WindowQuery(
                                new SeriesFilter("other", "some", "berlin-1", null),
                                Resolution.MINUTE,
                                Given.minute(0),
                                Given.minute(60),
                                null,
                                10))
                        .items())
                .isEmpty();
    }

    @Example
    void aQuestionThatTakesTooLongIsGivenUp() {
        SnapshotStore impatient = new SnapshotStore(READ_SIDE.dataSource, Duration.ofMillis(50));

        assertThatThrownBy(() -> impatient.answer(
                        (connection, seconds) -> {
                            try (var statement = connection.prepareStatement("SELECT pg_sleep(?)")) {
                                statement.setInt(1, seconds);
                                return statement.execute();
                            }
                        },
                        5))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("50 ms");
    }

    @Example
    void whatIsOlderThanAnythingThatIsKeptIsNotWrittenAndItsNeighboursAre() {
        ReadSide readSide = new ReadSide();
        long old = Given.minute(-100 * 24 * 60);
        readSide.execute("INSERT INTO kept_from VALUES ('window_1m', '2025-09-01Z')");

        readSide.write(
                Given.diagnosed(Given.SOURCE, old, 1, Given.window("https://a.example/", old, 0, 1)),
                Given.diagnosed("https://a.example/", 0, 0, 1));

        assertThat(readSide.rows("SELECT window_start FROM window_1m")).hasSize(1);
        assertThat(readSide.rows("SELECT to_regclass('window_1m_2025_08')")).containsExactly("null");
    }

    private static NameQuery names(String prefix, String contains) {
        return new NameQuery("default", "some", prefix, contains, null, NameQuery.Order.NAME, 0, null, 100);
    }

    /** Two sources, three targets, sixty minutes 17 apart; the first hours are rolled up, one of them is due again. */
    private static ReadSide filled() {
        ReadSide readSide = new ReadSide();
        ReadSideStore writer = new ReadSideStore(100);
        for (int i = 0; i < 60; i++) {
            long startMs = Given.minute(i * 17);
            for (String source : List.of("berlin-1", "paris-1")) {
                readSide.write(
                        writer,
                        List.of(Given.diagnosed(
                                new SourceId("default", "some", source, 0),
                                startMs,
                                startMs + 63_000,
                                Given.window("https://a.example/", startMs, 0, i),
                                Given.window("https://b.example/", startMs, 1, i, 2),
                                Given.window("https://c.example/", startMs, 2))));
            }
            if (i == 40) {
                readSide.rollUp(startMs);
            }
        }
        readSide.write(writer, List.of(Given.diagnosed("https://a.example/", 0, 0, 7, 8, 9)));
        return readSide;
    }
}
