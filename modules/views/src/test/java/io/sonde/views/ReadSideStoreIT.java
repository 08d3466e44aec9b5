package io.sonde.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.core.Evidence;
import io.sonde.core.Judgement;
import io.sonde.core.Norm;
import io.sonde.core.SourceId;
import io.sonde.core.Verdict;
import io.sonde.core.WindowAggregate;
import io.sonde.diagnosis.Incident;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class ReadSideStoreIT {
    private static final ReadSide READ_SIDE = new ReadSide();
    private static final String TARGET = "https://example.org/";

    @Example
    void aWindowIsReadAsItWasWritten() {
        ReadSide readSide = new ReadSide();
        WindowAggregate few = Given.window(TARGET, Given.minute(0), 2, 3.5, 1.25, 80_000.125);
        WindowAggregate many = Given.window("https://labelled.example/", Given.minute(0), 0, Given.someValues(1, 500));
        WindowAggregate none = Given.window("https://down.example/", Given.minute(0), 4);

        readSide.write(Given.diagnosed(Given.SOURCE, Given.minute(0), 1_763_632_863_007L, few, many, none));

        List<WindowRow> rows = readSide.all(Resolution.MINUTE, Given.minute(0), Given.minute(1), 10);
        assertThat(rows)
                .extracting(row -> row.aggregate().target())
                .containsExactlyInAnyOrder(TARGET, "https://labelled.example/", "https://down.example/");
        assertThat(rows).allSatisfy(row -> {
            WindowAggregate was = List.of(few, many, none).stream()
                    .filter(window -> window.target().equals(row.aggregate().target()))
                    .findFirst()
                    .orElseThrow();
            assertThat(row.aggregate().measures()).isEqualTo(was.measures());
            assertThat(row.aggregate().revision()).isEqualTo(was.revision());
            assertThat(row.aggregate().reasons()).isEqualTo(was.reasons());
            assertThat(row.updatedMs()).isEqualTo(1_763_632_863_007L);
            assertThat(row.diagnosis())
                    .isEqualTo(
                            was.equals(many)
                                    ? Diagnosis.of(Given.judgement(40, Given.verdict("dns-bound", 31.5)))
                                    : Diagnosis.NONE);
        });
        assertThat(readSide.rows("SELECT attributes->>'place' FROM source")).containsExactly("office");
    }

    @Example
    void aRevisionReplacesWhatWasSaidOfItsWindow() {
        ReadSide readSide = new ReadSide();
        SourceId source = Given.SOURCE;
        Diagnosed slow = Given.judged(
                source,
                1,
                Given.window(TARGET, Given.minute(0), 0, 1),
                Given.judgement(30, Given.verdict("dns-bound", 9), Given.verdict("server-bound", 8)));
        Diagnosed well = Given.judged(
                source, 2, Given.window(TARGET, Given.minute(0), 0, 1, 2), Given.judgement(Judgement.NO_SCORE));

        readSide.write(slow);
        List<String> before = readSide.rows("SELECT label, score, rules_version,"
                + " jsonb_path_query_array(verdicts, '$[*].evidence[0].baseline.mean') FROM diagnosis");
        readSide.write(well);
        readSide.write(slow);

        assertThat(before).containsExactly("dns-bound | 30 | rules-1 | [10.0, 10.0]");
        assertThat(readSide.rows("SELECT * FROM diagnosis")).isEmpty();
        assertThat(readSide.rows("SELECT label, score, rules, verdicts FROM window_1m"))
                .containsExactly("healthy | null | rules-1 | null");
    }

    @Example
    void numbersThatJsonDoesNotHaveAreStoredToo() {
        ReadSide readSide = new ReadSide();
        Verdict odd = new Verdict(
                "odd\0",
                false,
                Double.POSITIVE_INFINITY,
                List.of(new Evidence("a\0", "ms", Double.NaN, new Norm(-0.0, Double.NaN, 1), Norm.NONE, 1e-300)));

        readSide.write(
                Given.judged(Given.SOURCE, 1, Given.window(TARGET, Given.minute(0), 0, 1), Given.judgement(1, odd)));

        assertThat(readSide.all(Resolution.MINUTE, Given.minute(0), Given.minute(1), 10))
                .extracting(WindowRow::diagnosis)
                .containsExactly(Diagnosis.of(Given.judgement(1, odd)).storable())
                .first()
                .satisfies(diagnosis -> assertThat(diagnosis.verdicts().get(0).evidence())
                        .containsExactly(new Evidence(
                                "a\uFFFD", "ms", Double.NaN, new Norm(0, Double.NaN, 1), Norm.NONE, 1e-300)));
    }

    @Example
    void ofAnIncidentToldTwiceInOneEventTheLastWordHolds() {
        ReadSide readSide = new ReadSide();
        Incident silent = Given.incident(Given.SOURCE, "silent", 0, 4);
        Incident open = Given.incident(Given.SOURCE, "silent", 0, 5);

        readSide.write(Given.judged(
                Given.SOURCE,
                1,
                Given.window(TARGET, Given.minute(7), 0, 1),
                Given.judgement(1),
                silent,
                open,
                silent));

        assertThat(readSide.rows("SELECT s.target, i.version, i.state, i.ended IS NULL FROM incident i"
                        + " JOIN series s USING (series_id)"))
                .as("of a series that has no windows any more")
                .containsExactly("silent | 4 | cleared | f");
    }

    @Property(tries = 100)
    void anyOrderOfRevisionsGivesTheHighest(
            @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 1, max = 20) Integer> revisions,
            @ForAll @IntRange(min = 1, max = 4) int together) {
        String target = "https://" + System.identityHashCode(revisions) + "." + revisions.hashCode() + "." + together;
        List<Diagnosed> events = revisions.stream()
                .map(revision -> Given.diagnosed(target, 0, 0, Given.someValues(revision, revision)))
                .toList();

        inGroups(READ_SIDE, events, together);

        assertThat(READ_SIDE
                        .page(new WindowQuery(
                                new SeriesFilter("default", "some", Given.SOURCE.source(), target),
                                Resolution.MINUTE,
                                Given.minute(0),
                                Given.minute(1),
                                null,
                                10))
                        .items())
                .extracting(row -> row.aggregate().revision())
                .containsExactly(Collections.max(revisions).longValue());
    }

    @Property(tries = 100)
    void p22ReplayGivesTheSameRows(@ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int size) {
        String one = "one" + seed + "." + size;
        String other = "other" + seed + "." + size;
        inGroups(READ_SIDE, someEvents(one, seed, size), 5);
        READ_SIDE.rollUp(Given.minute(100_000));
        List<String> first = READ_SIDE.content(one);

        inGroups(READ_SIDE, shuffled(someEvents(one, seed, size), seed), 3);
        inGroups(READ_SIDE, shuffled(someEvents(other, seed, size), seed + 1), 4);
        READ_SIDE.rollUp(Given.minute(100_000));

        assertThat(READ_SIDE.content(one)).isEqualTo(first);
        assertThat(READ_SIDE.content(other)).isEqualTo(first);
    }

    @Example
    void anEmptiedReadSideIsTheSameAfterAReplay() {
        ReadSide readSide = new ReadSide();
        List<Diagnosed> events = someEvents("default", 1, 40);
        inGroups(readSide, events, 5);
        readSide.rollUp(Given.minute(100_000));
        List<String> before = readSide.content("default");

        readSide.empty();
        List<String> emptied = readSide.content("default");
        inGroups(readSide, events, 7);
        readSide.rollUp(Given.minute(100_000));

        assertThat(emptied).isEmpty();
        assertThat(readSide.content("default")).isEqualTo(before).isNotEmpty();
    }

    @Example
    void windowsOfAnyMonthFindTheirPartition() {
        ReadSide readSide = new ReadSide();
        ReadSideStore writer = new ReadSideStore(100);
        long longAgo = LocalDate.of(2019, 12, 31)
                .atTime(23, 59)
                .toInstant(ZoneOffset.UTC)
                .toEpochMilli();

        for (long startMs : List.of(longAgo, longAgo + 60_000, longAgo + 120_000)) {
            readSide.write(
                    writer,
                    List.of(Given.diagnosed(Given.SOURCE, startMs, startMs, Given.window(TARGET, startMs, 0, 1))));
        }

        assertThat(readSide.rows(
                        "SELECT tableoid::regclass, count(*) FROM window_1m GROUP BY 1 ORDER BY min(window_start)"))
                .containsExactly("window_1m_2019_12 | 1", "window_1m_2020_01 | 2");
    }

    @Example
    void manyWritersOfANewMonthMakeItOnce() throws Exception {
        ReadSide readSide = new ReadSide();
        long longAgo = LocalDate.of(2017, 3, 1)
                .atStartOfDay()
                .toInstant(ZoneOffset.UTC)
                .toEpochMilli();
        CountDownLatch done = new CountDownLatch(4);
        for (int i = 0; i < 4; i++) {
            SourceId source = new SourceId("default", "some", "writer-" + i, 0);
            new Thread(() -> {
                        readSide.write(Given.diagnosed(source, longAgo, 1, Given.window(TARGET, longAgo, 0, 1)));
                        done.countDown();
                    })
                    .start();
        }

        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(readSide.rows("SELECT tableoid::regclass, count(*) FROM window_1m GROUP BY 1"))
                .containsExactly("window_1m_2017_03 | 4");
    }

    @Example
    void aPartitionThatWasRolledBackIsMadeAgain() throws Exception {
        ReadSide readSide = new ReadSide();
        ReadSideStore writer = new ReadSideStore(100);
        long longAgo = LocalDate.of(2018, 5, 1)
                .atStartOfDay()
                .toInstant(ZoneOffset.UTC)
                .toEpochMilli();
        List<Diagnosed> events =
                List.of(Given.diagnosed(Given.SOURCE, longAgo, longAgo, Given.window(TARGET, longAgo, 0, 1)));
        try (ProjectionStore transaction = ProjectionStore.open(readSide.dataSource)) {
            transaction.write(writer, events);
            transaction.rollback();
        }

        readSide.write(writer, events);

        assertThat(readSide.all(Resolution.MINUTE, longAgo, longAgo + 60_000, 10))
                .hasSize(1);
    }

    @Example
    void idsOfAnyLengthAndScriptAreStored() {
        ReadSide readSide = new ReadSide();
        SourceId source = new SourceId("default", "some", "\u6d4b".repeat(254) + "\0", 0);
        StringBuilder target = new StringBuilder("https://");
        Random random = new Random(1);
        while (target.length() < 2_048) {
            target.append((char) (0x4e00 + random.nextInt(20_000)));
        }

        readSide.write(
                Given.diagnosed(source, Given.minute(0), 1, Given.window(target.toString(), Given.minute(0), 0, 1)));

        assertThat(readSide.all(Resolution.MINUTE, Given.minute(0), Given.minute(1), 10))
                .extracting(row -> row.aggregate().target())
                .containsExactly(target.toString());
    }

    private static void inGroups(ReadSide readSide, List<Diagnosed> events, int size) {
        ReadSideStore writer = new ReadSideStore(3);
        for (int i = 0; i < events.size(); i += size) {
            readSide.write(writer, events.subList(i, Math.min(events.size(), i + size)));
        }
    }

    private static List<Diagnosed> shuffled(List<Diagnosed> events, long seed) {
        List<Diagnosed> shuffled = new ArrayList<>(events);
        Collections.shuffle(shuffled, new Random(seed));
        return shuffled;
    }

    /** Few windows and many revisions of them, as a source would journal them: a revision is always the same window. */
    private static List<Diagnosed> someEvents(String tenant, long seed, int size) {
        Random random = new Random(seed);
        List<Diagnosed> events = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            int minute = random.nextInt(3) * 40;
            int revision = 1 + random.nextInt(4);
            SourceId source = new SourceId(tenant, "some", "s" + random.nextInt(2), 0);
            String target = "t" + random.nextInt(2);
            double[] values = Given.someValues(minute * 31L + revision, revision * 20);
            events.add(Given.judged(
                    source,
                    Given.minute(minute) + revision,
                    Given.window(target, Given.minute(minute), revision % 2, values),
                    revision == 2
                            ? Given.judgement(90)
                            : Given.judgement(20 * revision, Given.verdict("dns-bound", minute + revision)),
                    Given.incident(source, target, minute, revision)));
        }
        return events;
    }
}
