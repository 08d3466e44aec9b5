package io.sonde.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.core.Distribution;
import io.sonde.core.Judgement;
import io.sonde.core.SourceId;
import io.sonde.core.Summary;
import io.sonde.core.WindowAggregate;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToLongFunction;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;

/** All series together: what comes of rows that were made of rows is what the values themselves come to. */
class OverviewIT {
    private static final long MINUTE_MS = Resolution.MINUTE.lengthMs();
    private static final long DAY_MS = Resolution.DAY.lengthMs();
    private static final long FROM = Resolution.DAY.startOf(Given.START_MS);
    private static final String TARGET = "https://example.org/";

    /** The newest revision of a window. */
    private record Kept(SourceId source, WindowAggregate window, List<Double> values, int score) {}

    @Property(tries = 60)
    void anOverviewIsOfAllTheValuesThereAre(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 50) int writes, @ForAll @IntRange(max = 4) int rolled) {
        ReadSide readSide = Shared.READ_SIDE;
        String tenant = "t" + Shared.TENANTS.incrementAndGet();
        Random random = new Random(seed);
        Map<Object, Kept> windows = new HashMap<>();
        for (int i = 0; i < writes; i++) {
            Kept next = next(tenant, random, windows);
            readSide.write(Given.judged(next.source(), 1, next.window(), Given.judgement(next.score())));
            if (rolled > 0 && i % rolled == 0) {
                // In the middle of the windows' time: some hours and days are over, some are not.
                readSide.rollUpOverviews(FROM + DAY_MS + random.nextInt(2) * DAY_MS);
            }
        }
        readSide.rollUpOverviews(FROM + DAY_MS);

        for (Duration length : List.of(
                Duration.ofHours(1),
                Duration.ofHours(6),
                Duration.ofDays(1),
                Duration.ofDays(3),
                Duration.ofDays(30),
                Duration.ofDays(200))) {
            Overview overview = ask(readSide, OverviewQuery.of(tenant, "some", FROM, FROM + length.toMillis()));

            assertIsOf(overview.all(), overview.asked().toMs(), windows);
            assertThat(overview.completeUntilMs()).isEqualTo(overview.asked().toMs());
            assertThat(overview.steps().stream()
                            .mapToLong(Overview.Part::windows)
                            .sum())
                    .isEqualTo(overview.all().windows());
            overview.steps().forEach(step -> {
                assertIsOf(step, step.startMs() + overview.asked().stepMs(), windows);
                assertThat(step.complete()).isTrue();
            });
        }
    }

    /** Of few sources, targets and minutes, so that many are met again: newer, the same once more, or older. */
    private static Kept next(String tenant, Random random, Map<Object, Kept> windows) {
        SourceId source = new SourceId(tenant, "some", "source-" + random.nextInt(4), 0);
        String target = TARGET + random.nextInt(3);
        int within = List.of(3, 90, 24 * 60, 3 * 24 * 60).get(random.nextInt(4));
        long startMs = FROM + random.nextInt(within) * MINUTE_MS;
        Object key = List.of(source, target, startMs);
        Kept before = windows.get(key);
        int length = before == null ? random.nextInt(30) : before.values().size() + random.nextInt(5) - 2;
        double[] values = Given.someValues(key.hashCode(), Math.max(0, length));
        int errors = random.nextInt(3);
        Kept next = new Kept(
                source,
                Given.window(target, startMs, errors, values),
                Arrays.stream(values).boxed().toList(),
                random.nextInt(102) - 1);
        if (before == null || before.window().revision() < next.window().revision()) {
            windows.put(key, next);
        }
        return next;
    }

    private static void assertIsOf(Overview.Part part, long toMs, Map<Object, Kept> windows) {
        List<Kept> in = windows.values().stream()
                .filter(kept -> kept.window().startMs() >= part.startMs()
                        && kept.window().startMs() < toMs)
                .toList();
        assertThat(part.windows()).isEqualTo(in.size());
        assertThat(part.success()).isEqualTo(sum(in, kept -> kept.window().success()));
        assertThat(part.errors().stream().mapToLong(count -> count).sum())
                .isEqualTo(sum(in, kept -> kept.window().error()));
        assertThat(part.reasons().getOrDefault("1:timeout", 0L))
                .isEqualTo(sum(in, kept -> kept.window().error()));
        assertThat(part.sources())
                .isEqualTo(in.stream().map(Kept::source).distinct().count());
        assertThat(part.targets())
                .isEqualTo(in.stream()
                        .map(kept -> kept.window().target())
                        .distinct()
                        .count());
        assertThat(part.series())
                .isEqualTo(in.stream()
                        .map(kept -> List.of(kept.source(), kept.window().target()))
                        .distinct()
                        .count());
        assertScore(part.score(), in.stream().filter(kept -> kept.score() >= 0).toList());
        double[] sorted = in.stream()
                .flatMapToDouble(kept -> kept.values().stream().mapToDouble(value -> value))
                .sorted()
                .toArray();
        if (!part.measures().isEmpty()) {
            assertMeasure(part.measures().get(0), sorted);
        }
    }

    private static void assertScore(int score, List<Kept> scored) {
        long events = sum(scored, kept -> kept.window().total());
        long sum = sum(scored, kept -> kept.score() * kept.window().total());
        assertThat(score).isEqualTo(events == 0 ? Judgement.NO_SCORE : (int) Math.round((double) sum / events));
    }

    private static void assertMeasure(Distribution measure, double[] sorted) {
        assertThat(measure.count()).isEqualTo(sorted.length);
        if (sorted.length > 0) {
            assertThat(measure.min()).isEqualTo(sorted[0]);
            assertThat(measure.max()).isEqualTo(sorted[sorted.length - 1]);
            assertQuantile(measure.p50(), sorted, 0.5);
            assertQuantile(measure.p95(), sorted, 0.95);
        }
    }

    private static void assertQuantile(double observed, double[] sorted, double q) {
        double nearestRank = sorted[Summary.nearestRank(sorted.length, q)];
        assertThat(observed)
                .isCloseTo(nearestRank, Offset.offset(nearestRank * Summary.RELATIVE_ERROR * 1.000_001 + 1e-9));
    }

    private static long sum(List<Kept> of, ToLongFunction<Kept> number) {
        return of.stream().mapToLong(number).sum();
    }

    @Example
    void whatIsNotRolledUpYetIsSaid() {
        ReadSide readSide = new ReadSide();
        readSide.write(Given.diagnosed(TARGET, 0, 0, 1, 2), Given.diagnosed(TARGET, 1, 0, 3));
        Overview before = ask(readSide, anHour());
        readSide.rollUpOverviews(FROM);
        Overview after = ask(readSide, anHour());
        readSide.write(Given.diagnosed(TARGET, 1, 1, 3, 500));
        Overview late = ask(readSide, anHour());
        readSide.rollUpOverviews(FROM);

        assertThat(before.completeUntilMs()).isEqualTo(Given.minute(0));
        assertThat(before.steps()).isEmpty();
        assertThat(before.all().complete()).isFalse();
        assertThat(after.completeUntilMs()).isEqualTo(anHour().toMs());
        assertThat(after.steps()).extracting(Overview.Part::complete).containsExactly(true, true);
        assertThat(late.completeUntilMs()).isEqualTo(Given.minute(1));
        assertThat(late.steps()).extracting(Overview.Part::complete).containsExactly(true, false);
        assertThat(ask(readSide, anHour()).all()).satisfies(all -> {
            assertThat(all.complete()).isTrue();
            assertThat(all.success()).isEqualTo(4);
            assertThat(all.measures().get(0).max()).isEqualTo(500);
        });
    }

    @Example
    void hoursAndDaysThatAreNotOverAreMadeOfTheirParts() {
        ReadSide readSide = new ReadSide();
        readSide.write(Given.diagnosed(TARGET, 0, 0, 1, 2));
        readSide.rollUpOverviews(Given.minute(5));

        Overview days = ask(readSide, OverviewQuery.of("default", "some", FROM, FROM + 100 * DAY_MS));

        assertThat(readSide.rows("SELECT DISTINCT resolution FROM overview")).containsExactly("1m");
        assertThat(days.all().success()).isEqualTo(2);
        readSide.rollUpOverviews(FROM + 2 * DAY_MS);
        assertThat(readSide.rows("SELECT resolution, success FROM overview ORDER BY 1"))
                .containsExactly("1d | 2", "1h | 2", "1m | 2");
        assertThat(readSide.rows("SELECT count(*) FROM overview_due")).containsExactly("0");
        assertThat(ask(readSide, days.asked())).isEqualTo(days);
    }

    @Example
    void aMinuteThatIsStillWrittenIsLeftAlone() throws Exception {
        ReadSide readSide = new ReadSide();
        readSide.write(Given.diagnosed(TARGET, 0, 0, 1, 2));
        OverviewRollupStore patient = new OverviewRollupStore(readSide.dataSource, Duration.ofHours(1));

        int atOnce = patient.rollUp(FROM, 10);
        readSide.execute("UPDATE overview_due SET marked_at = marked_at - INTERVAL '1 min'");
        int whenItHasWaited = patient.rollUp(FROM, 10);

        assertThat(atOnce).isZero();
        assertThat(whenItHasWaited).isEqualTo(1);
    }

    /** A mark of a writer that is not done yet is not seen, and outlasts who rolls up what was there before. */
    @Example
    void whatIsWrittenMeanwhileIsRolledUpNext() throws Exception {
        ReadSide readSide = new ReadSide();
        readSide.write(Given.diagnosed(TARGET, 0, 0, 1));
        try (ProjectionStore writer = ProjectionStore.open(readSide.dataSource)) {
            writer.write(new ReadSideStore(10), List.of(Given.diagnosed(TARGET + "b", 0, 0, 5)));
            readSide.rollUpOverviews(FROM);
            writer.commit();
        }

        Overview between = ask(readSide, anHour());
        readSide.rollUpOverviews(FROM);

        assertThat(between.all().complete()).isFalse();
        assertThat(ask(readSide, anHour()).all().windows()).isEqualTo(2);
    }

    @Example
    void someoneElsesRollUpIsNotWaitedFor() throws Exception {
        ReadSide readSide = new ReadSide();
        readSide.write(Given.diagnosed(TARGET, 0, 0, 1));
        try (Connection other = readSide.unpooled()) {
            other.setAutoCommit(false);
            var unused =
                    other.createStatement().execute("SELECT pg_advisory_xact_lock(hashtextextended('overview', 0))");

            assertThat(readSide.rollUpOverviews(FROM)).isZero();

            other.rollback();
            assertThat(readSide.rollUpOverviews(FROM)).isEqualTo(1);
        }
    }

    @Example
    void theMostFrequentReasonsAreKept() {
        ReadSide readSide = new ReadSide();
        Map<String, Long> reasons = new HashMap<>();
        for (int i = 0; i <= OverviewSum.MOST_REASONS; i++) {
            reasons.put("1:reason " + i, i + 1L);
        }
        long errors = reasons.values().stream().mapToLong(count -> count).sum();
        WindowAggregate window =
                new WindowAggregate(TARGET, Given.minute(0), 0, List.of(0L, errors), reasons, List.of());
        readSide.write(Given.diagnosed(Given.SOURCE, Given.minute(0), 1, window));
        readSide.rollUpOverviews(FROM);

        Overview.Part all = ask(readSide, anHour()).all();

        assertThat(all.reasons())
                .hasSize(OverviewSum.MOST_REASONS)
                .doesNotContainKey("1:reason 0")
                .containsEntry("1:reason 100", 101L);
        assertThat(all.errors()).containsExactly(0L, errors);
    }

    @Example
    void whatIsOpenIsCounted() {
        ReadSide readSide = new ReadSide();
        for (int version : new int[] {1, 2}) {
            readSide.write(Given.judged(
                    Given.SOURCE,
                    1,
                    Given.window(TARGET + version, Given.minute(0), 0, 1),
                    Given.judgement(1),
                    Given.incident(Given.SOURCE, TARGET + version, version, version)));
        }

        Overview overview = ask(readSide, anHour());

        assertThat(overview.openIncidents()).isEqualTo(1);
        assertThat(overview.openProblems()).isZero();
    }

    @Example
    void timeOfWhichThereIsNoOverviewIsNamed() {
        ReadSide readSide = new ReadSide();
        readSide.execute("INSERT INTO kept_from VALUES ('overview', to_timestamp(" + Given.minute(7) / 1_000 + "))");

        assertThat(ask(readSide, anHour()).keptFromMs()).isEqualTo(Given.minute(7));
        assertThat(ask(readSide, OverviewQuery.of("default", "some", Given.minute(7), Given.minute(9)))
                        .keptFromMs())
                .isNull();
    }

    @Example
    void whereSingleMinutesAreGoneStepsAreOfHours() {
        ReadSide readSide = new ReadSide();
        readSide.write(Given.diagnosed(TARGET, 0, 0, 1, 2));
        readSide.rollUpOverviews(FROM + DAY_MS);
        readSide.execute("DELETE FROM overview WHERE resolution = '1m'");
        readSide.execute("INSERT INTO kept_from VALUES ('overview_1m', to_timestamp(" + Given.minute(7) / 1_000 + "))");

        Overview overview = ask(readSide, anHour());

        assertThat(overview.asked().stepMs()).isEqualTo(Resolution.HOUR.lengthMs());
        assertThat(overview.all().success()).isEqualTo(2);
    }

    @Example
    void verifyingFindsOverviewsThatAreWrongMissingOrLeftOver() throws Exception {
        ReadSide readSide = new ReadSide();
        for (int minute = 0; minute < 4; minute++) {
            readSide.write(Given.diagnosed(TARGET, minute, 1, Given.someValues(minute, 40)));
        }
        readSide.rollUpOverviews(FROM + 3 * DAY_MS);
        Findings right = checked(readSide);
        readSide.execute("UPDATE overview SET score_sum = score_sum + 1 WHERE resolution = '1d'");
        readSide.execute("UPDATE overview SET series = '\\x01' WHERE resolution = '1h'");
        readSide.execute("DELETE FROM overview WHERE resolution = '1m' AND window_start = to_timestamp("
                + Given.minute(1) / 1_000 + ")");
        readSide.execute("UPDATE overview SET window_start = window_start + INTERVAL '2 hours'"
                + " WHERE resolution = '1m' AND window_start = to_timestamp(" + Given.minute(3) / 1_000 + ")");
        Findings wrong = checked(readSide);
        for (int minute : new int[] {1, 3}) {
            readSide.write(Given.diagnosed(TARGET, minute, 9, Given.someValues(minute, 40)));
        }

        assertThat(done(right).same()).isTrue();
        assertThat(done(right).overviews()).isEqualTo(4 + 1 + 1);
        assertThat(done(wrong).differences())
                .as("the hour of wrong minutes and the day of a wrong hour are wrong, too")
                .isEqualTo(Map.of(
                        Difference.Kind.MISSING_ROLLUP, 3L,
                        Difference.Kind.ROLLUP_WITHOUT_ROWS, 1L,
                        Difference.Kind.DIFFERENT_ROLLUP, 2L));
        assertThat(done(wrong).first())
                .extracting(Difference::detail)
                .contains("overview of default some, 1m from 2025-11-20T10:01:00Z, is not there and not due");
        assertThat(done(checked(readSide)).differences())
                .as("minutes that are due are not compared, nor what is made of them")
                .isEqualTo(Map.of(
                        Difference.Kind.MISSING_ROLLUP, 1L,
                        Difference.Kind.ROLLUP_WITHOUT_ROWS, 1L));
    }

    private static Findings checked(ReadSide readSide) throws SQLException {
        try (Connection connection = readSide.unpooled()) {
            connection.setAutoCommit(false);
            Findings findings = new Findings(20);
            new OverviewCheckStore(connection, new Span(FROM, FROM + 2 * DAY_MS), findings).check();
            return findings;
        }
    }

    private static Verified done(Findings findings) {
        return findings.done(new Span(FROM, FROM + 2 * DAY_MS), false);
    }

    private static OverviewQuery anHour() {
        return OverviewQuery.of("default", "some", Given.minute(0), Given.minute(60));
    }

    private static Overview ask(ReadSide readSide, OverviewQuery query) {
        return readSide.ask(OverviewStore::overview, query);
    }

    private static final class Shared {
        private static final ReadSide READ_SIDE = new ReadSide();
        private static final AtomicInteger TENANTS = new AtomicInteger();
    }
}
