package io.sonde.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sonde.views.UpkeepRun;
import io.sonde.views.UpkeepRunStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.pekko.Done;
import org.junit.jupiter.api.Test;

class UpkeepIT {
    private final Kept kept = new Kept();

    @Test
    void whatRanksMinutesGoesWithTheJournalTheyCanBeMadeOfAgain() throws Exception {
        Instant lastKept = Kept.NOW.minus(Duration.ofDays(7));
        for (Instant start : List.of(lastKept.minusMillis(1), lastKept)) {
            kept.execute("INSERT INTO window_tail (tenant, kind, measure, window_start, tails) VALUES"
                    + " ('default', 'qoe', 0, '" + start + "', '')");
        }

        UpkeepReport report = run(Kept.NOW);

        assertThat(report.of("old-tails").rows()).isEqualTo(1);
        assertThat(kept.rows("SELECT count(*) FROM window_tail")).containsExactly("1");
        assertThat(kept.rows("SELECT at = '" + lastKept + "' FROM kept_from WHERE what = 'window_tail'"))
                .containsExactly("t");
    }

    @Test
    void overviewsOfMinutesGoWithTheMinutesAndTheOthersWithTheHours() throws Exception {
        Instant longAgo = Kept.NOW.minus(Duration.ofDays(800));
        Instant monthsAgo = Instant.parse("2030-12-01T10:30:00Z");
        overview("1d", longAgo);
        for (String resolution : List.of("1m", "1h", "1d")) {
            overview(resolution, monthsAgo);
        }
        overview("1m", monthsAgo.plus(Duration.ofHours(2)));
        kept.execute(
                "INSERT INTO overview_due (tenant, kind, resolution, window_start) VALUES ('default', 'qoe', '1h', '"
                        + monthsAgo.plus(Duration.ofMinutes(90)) + "')");

        UpkeepReport report = run(Kept.NOW);

        assertThat(report.of("old-overview-minutes").rows()).isEqualTo(1);
        assertThat(report.of("old-overviews").rows()).isEqualTo(1);
        assertThat(kept.rows("SELECT resolution FROM overview ORDER BY 1"))
                .as("one of an hour that is not made of it yet stays")
                .containsExactly("1d", "1h", "1m");
        assertThat(kept.rows("SELECT at = '" + Kept.NOW.minus(Duration.ofDays(90))
                        + "' FROM kept_from WHERE what = 'overview_1m'"))
                .containsExactly("t");
    }

    private void overview(String resolution, Instant start) throws Exception {
        kept.execute("INSERT INTO overview VALUES ('default', 'qoe', '" + resolution + "', '" + start
                + "', 1, 1, '{}', 0, 0, '{}', '{}', '{}', '{}', '{}', '', NULL, '')");
    }

    @Test
    void monthsAreMadeAheadAndDroppedBehindAndASecondRunDoesNothing() throws Exception {
        kept.windows("window_1m", Instant.parse("2031-01-31T23:59:00Z"), 1);
        kept.windows("window_1m", Instant.parse("2031-02-14T12:00:00Z"), 1);

        UpkeepReport first = run(Kept.NOW);
        UpkeepReport second = run(Kept.NOW);

        assertThat(kept.partitions("window_1m"))
                .containsExactly(
                        "window_1m_2031_02",
                        "window_1m_2031_05",
                        "window_1m_2031_06",
                        "window_1m_2031_07",
                        "window_1m_2031_08");
        assertThat(kept.rows("SELECT window_start AT TIME ZONE 'UTC' FROM window_1m"))
                .containsExactly("2031-02-14 12:00:00");
        assertThat(first.of("months-ahead").partitions()).isEqualTo(4);
        assertThat(first.of("old-minutes").bytes()).isPositive();
        assertThat(first.lines()).contains("  window_1m_2031_01");
        assertThat(second.lines()).isEmpty();
        assertThat(kept.rows("SELECT DISTINCT outcome FROM upkeep_run")).containsExactly("DONE");
    }

    @Test
    void hoursAndDaysAreKeptLongerThanTheirMinutes() throws Exception {
        Instant monthsAgo = Kept.NOW.minus(Duration.ofDays(120));
        Instant longAgo = Kept.NOW.minus(Duration.ofDays(800));
        for (Instant start : List.of(monthsAgo, longAgo)) {
            kept.windows("window_1m", start, 1);
            kept.windows("window_1h", start, 1);
            kept.windows("window_1d", start, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        }

        UpkeepReport report = run(Kept.NOW);

        assertThat(kept.rows("SELECT count(*) FROM window_1m")).containsExactly("0");
        assertThat(kept.rows("SELECT count(*) FROM window_1h")).containsExactly("1");
        assertThat(kept.rows("SELECT count(*), min(window_start) > '2030-01-01' FROM window_1d"))
                .containsExactly("9 | t");
        assertThat(report.of("old-days").rows()).isEqualTo(9);
    }

    @Test
    void aTableThatNobodyExpectedKeepsNothingElseFromBeingDone() throws Exception {
        kept.execute(
                "CREATE TABLE window_1m_archive PARTITION OF window_1m FOR VALUES FROM ('1999-01-01Z') TO ('2000-01-01Z')");

        UpkeepReport failed = run(Kept.NOW);

        assertThat(failed.errors()).containsOnlyKeys("old-minutes");
        assertThat(of("old-silences", runs()).outcome()).isEqualTo(UpkeepRun.Outcome.DONE);
    }

    @Test
    void aMonthStaysUntilItsOverviewsAreMade() throws Exception {
        Instant start = Instant.parse("2031-01-01T00:00:00Z");
        kept.windows("window_1m", start, 1);
        kept.execute(
                "INSERT INTO overview_due (tenant, kind, resolution, window_start) VALUES ('default', 'qoe', '1m', '"
                        + start + "')");

        UpkeepReport failed = run(Kept.NOW);
        kept.execute("DELETE FROM overview_due");
        UpkeepReport done = run(Kept.NOW.plusSeconds(300));

        assertThat(failed.errors()).containsOnlyKeys("old-minutes");
        assertThat(done.errors()).isEmpty();
        assertThat(kept.partitions("window_1m")).doesNotContain("window_1m_2031_01");
    }

    @Test
    void aMonthStaysUntilItsHoursAreMadeAndIsNotMadeAgain() throws Exception {
        Instant start = Instant.parse("2031-01-01T00:00:00Z");
        kept.windows("window_1m", start, 1);
        kept.execute("INSERT INTO rollup_due SELECT '1h', '" + start + "', series_id FROM series");

        UpkeepReport failed = run(Kept.NOW);
        List<UpkeepRun> visible = runs();
        kept.execute("DELETE FROM rollup_due");
        run(Kept.NOW.plusSeconds(300));

        assertThat(failed.errors()).containsOnlyKeys("old-minutes");
        assertThat(of("old-minutes", visible))
                .satisfies(run -> assertThat(run.error()).contains("window_1m_2031_01 stays"))
                .satisfies(run -> assertThat(run.outcome()).isEqualTo(UpkeepRun.Outcome.FAILED))
                .satisfies(run -> assertThat(run.lastDoneMs()).isNull());
        assertThat(of("old-silences", visible).outcome()).isEqualTo(UpkeepRun.Outcome.DONE);
        assertThat(of("old-minutes", runs()).outcome()).isEqualTo(UpkeepRun.Outcome.DONE);
        assertThat(kept.rows("SELECT ensure_window_partition('" + start + "')")).containsExactly("null");
        assertThat(kept.rows("SELECT to_regclass('window_1m_2031_01'), to_regclass('window_1h_2031_01')"))
                .containsExactly("null | window_1h_2031_01");
    }

    @Test
    void whoReadsAMonthForLongIsNotWaitedForAndTheMonthGoesTheNextTime() throws Exception {
        kept.windows("window_1m", Instant.parse("2031-01-01T00:00:00Z"), 1);
        UpkeepReport meanwhile;
        try (Connection reader = kept.dataSource.getConnection();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.execute("SELECT count(*) FROM window_1m");
            meanwhile = run(Kept.NOW);
            reader.rollback();
        }

        run(Kept.NOW);

        assertThat(meanwhile.errors()).containsOnlyKeys("old-minutes");
        assertThat(meanwhile.errors().get("old-minutes")).contains("lock timeout");
        assertThat(kept.partitions("window_1m")).doesNotContain("window_1m_2031_01");
    }

    @Test
    void whatHasEndedGoesLaterAndWhatGoesOnStays() throws Exception {
        Instant longAgo = Kept.NOW.minus(Duration.ofDays(60));
        Instant lately = Kept.NOW.minus(Duration.ofDays(29));
        for (int i = 0; i < 20; i++) {
            incident("old-" + i, longAgo, "'" + longAgo + "'");
            kept.execute("INSERT INTO silence VALUES ('old-" + i + "', 'default', NULL, NULL, NULL, '" + longAgo
                    + "', '" + longAgo + "', 'me', '')");
        }
        incident("lately", longAgo, "'" + lately + "'");
        incident("open", longAgo, "NULL");
        problem("told", longAgo, "SENT");
        problem("not-told", longAgo, "DUE");
        problem("lately", lately, "SENT");
        kept.execute("INSERT INTO silence VALUES ('holds', 'default', NULL, NULL, NULL, '" + longAgo + "', '" + Kept.NOW
                + "', 'me', '')");
        kept.execute("INSERT INTO setting_change VALUES ('2029-01-01', 'n', 'k', 'a', 'b'), ('" + longAgo
                + "', 'n', 'k', 'b', 'c')");
        kept.execute(
                "INSERT INTO audit (tenant, at, who, what, subject) VALUES ('default', '2029-01-01', 'old', 'w', 's'),"
                        + " ('default', '" + longAgo + "', 'kept', 'w', 's')");
        kept.execute("INSERT INTO account VALUES ('eva', 'default', 'viewer', NULL, '" + longAgo + "', NULL, false)");
        kept.execute(
                "INSERT INTO web_session SELECT sha256(c::bytea), 'eva', c, now(), now(), e::timestamptz FROM (VALUES"
                        + " ('ended', '" + longAgo + "'), ('on', '" + Kept.NOW + "')) AS s (c, e)");
        kept.execute("INSERT INTO sign_in_failure SELECT sha256(c::bytea), n, l::timestamptz, NULL FROM (VALUES"
                + " ('a', 1, '" + longAgo + "'), ('b', 2, '" + Kept.NOW + "')) AS s (c, n, l)");
        kept.execute("INSERT INTO node VALUES ('gone', '" + longAgo + "'), ('here', '" + Kept.NOW + "')");

        UpkeepReport report = run(Kept.NOW);

        assertThat(kept.rows("SELECT id FROM incident ORDER BY 1")).containsExactly("lately", "open");
        assertThat(kept.rows("SELECT id FROM problem ORDER BY 1")).containsExactly("lately", "not-told");
        assertThat(kept.rows("SELECT problem_id FROM delivery ORDER BY 1")).containsExactly("lately", "not-told");
        assertThat(kept.rows("SELECT id FROM silence")).containsExactly("holds");
        assertThat(kept.rows("SELECT after FROM setting_change")).containsExactly("c");
        assertThat(kept.rows("SELECT who FROM audit")).containsExactly("kept");
        assertThat(kept.rows("SELECT csrf FROM web_session")).containsExactly("on");
        assertThat(kept.rows("SELECT failures FROM sign_in_failure")).containsExactly("2");
        assertThat(kept.rows("SELECT address FROM node")).containsExactly("here");
        assertThat(report.of("old-incidents").rows()).isEqualTo(20);
        assertThat(report.of("old-silences").bytes()).isPositive();
    }

    @Test
    void theJournalIsTrimmedToWhatIsNeededAndNeverHasAGap() throws Exception {
        Instant old = Kept.NOW.minus(Duration.ofDays(30));
        kept.events("diagnosis", "all-copied", 30, old);
        kept.snapshot("diagnosis", "all-copied", 10);
        kept.snapshot("diagnosis", "all-copied", 25);
        kept.copied("all-copied", 30);
        kept.events("diagnosis", "young", 30, Kept.NOW.minus(Duration.ofDays(7)).minusSeconds(11 * 60));
        kept.snapshot("diagnosis", "young", 25);
        kept.copied("young", 30);
        kept.events("diagnosis", "half-copied-1", 30, old);
        kept.snapshot("diagnosis", "half-copied-1", 25);
        kept.copied("half-copied-1", 17);
        kept.events("diagnosis", "no-snapshot-2", 30, old);
        kept.copied("no-snapshot-2", 30);
        kept.events("diagnosis", "never-copied", 30, old);
        kept.snapshot("diagnosis", "never-copied", 25);

        UpkeepReport report = run(Kept.NOW);

        assertThat(kept.rows("SELECT persistence_id, min(sequence_number), max(sequence_number), count(*)"
                        + " FROM diagnosis_event GROUP BY 1 ORDER BY 1"))
                .containsExactly(
                        "all-copied | 25 | 30 | 6",
                        "half-copied-1 | 18 | 30 | 13",
                        "never-copied | 1 | 30 | 30",
                        "no-snapshot-2 | 1 | 30 | 30",
                        "young | 12 | 30 | 19");
        assertThat(report.of("old-closed-windows").rows()).isEqualTo(24 + 17 + 11);
        assertThat(kept.rows("SELECT at = '" + Kept.NOW.minus(Duration.ofDays(7))
                        + "' FROM kept_from WHERE what = 'diagnosis'"))
                .containsExactly("t");
    }

    @Test
    void whoFellSilentIsToldOnceAnHourUntilItsIncidentEnds() throws Exception {
        kept.windows("window_1m", Kept.NOW, 1, 2);
        kept.execute(
                "UPDATE series SET last_window = '" + Kept.NOW.minus(Duration.ofHours(26)) + "' WHERE target = 't1'");
        kept.execute(
                "UPDATE series SET last_window = '" + Kept.NOW.minus(Duration.ofHours(24)) + "' WHERE target = 't2'");
        incident("a", Kept.NOW.minus(Duration.ofDays(2)), "NULL");
        incident("b", Kept.NOW.minus(Duration.ofDays(2)), "NULL");
        kept.execute(
                "UPDATE incident SET series_id = (SELECT series_id FROM series WHERE target = CASE id WHEN 'a' THEN 't1'"
                        + " ELSE 't2' END)");
        List<String> told = new ArrayList<>();
        SilentSeries silent = (series, atMs) -> {
            told.add(series.target());
            return told.size() == 1
                    ? CompletableFuture.failedFuture(new IllegalStateException("away"))
                    : CompletableFuture.completedFuture(Done.getInstance());
        };
        Upkeep upkeep = new Upkeep(
                kept.dataSource, List.of(new SilentIncidentsTable(Duration.ofHours(25), silent, 10)), "test", clock());

        UpkeepReport failed = upkeep.run().orElseThrow();
        UpkeepReport done = upkeep.run().orElseThrow();
        kept.execute("UPDATE incident SET state = 'silent'");
        UpkeepReport nothing = upkeep.run().orElseThrow();

        assertThat(told).containsExactly("t1", "t1");
        assertThat(failed.errors()).containsOnlyKeys("silent-incidents");
        assertThat(done.of("silent-incidents").rows()).isEqualTo(1);
        assertThat(nothing.lines()).isEmpty();
    }

    @Test
    void theJournalOfProblemsIsTrimmedBehindItsProjection() throws Exception {
        kept.events("problem", "problems", 40, Kept.NOW.minus(Duration.ofDays(30)));
        kept.snapshot("problem", "problems", 35);
        kept.execute("INSERT INTO projection_offset_store VALUES ('problems', 'all', '20', 'LNG', FALSE, 0)");

        run(Kept.NOW);
        List<String> behindTheProjection = kept.rows("SELECT min(sequence_number) FROM problem_event");
        kept.execute("UPDATE projection_offset_store SET current_offset = '40'");
        run(Kept.NOW);

        assertThat(behindTheProjection).containsExactly("21");
        assertThat(kept.rows("SELECT min(sequence_number), count(*) FROM problem_event"))
                .containsExactly("35 | 6");
    }

    @Test
    void twoNeverRunAtOnce() throws Exception {
        try (Connection other = kept.dataSource.getConnection()) {
            assertThat(UpkeepRunTable.tryLock(other)).isTrue();

            assertThat(kept.upkeep(Kept.NOW).run()).isEmpty();
        }
        assertThat(kept.rows("SELECT count(*) FROM upkeep_run")).containsExactly("0");
        assertThat(kept.upkeep(Kept.NOW).run()).isPresent();
        assertThat(kept.upkeep(Kept.NOW).run()).isPresent();
    }

    @Test
    void killedInTheMiddleItGoesOnWhereItWas() throws Exception {
        kept.events("diagnosis", "some", 30, Kept.NOW.minus(Duration.ofDays(30)));
        kept.snapshot("diagnosis", "some", 25);
        kept.copied("some", 30);
        Chore trim = TrimmedJournalTable.ofWindows(Duration.ofDays(7), 70, new Pause(Duration.ZERO));
        Upkeep killed = new Upkeep(kept.dataSource, List.of(new Killed(trim)), "killed", clock());

        assertThatThrownBy(killed::run).isInstanceOf(SQLException.class);
        List<String> afterwards = kept.rows("SELECT min(sequence_number), count(*) FROM diagnosis_event");
        run(Kept.NOW);

        assertThat(afterwards).containsExactly("25 | 6");
        assertThat(kept.rows("SELECT outcome FROM upkeep_run WHERE node = 'killed'"))
                .containsExactly("KILLED");
        assertThat(of("old-closed-windows", runs()).outcome()).isEqualTo(UpkeepRun.Outcome.DONE);
    }

    @Test
    void aTransactionThatIsKilledLeavesTheJournalAsItWas() throws Exception {
        kept.events("diagnosis", "some", 30, Kept.NOW.minus(Duration.ofDays(30)));
        kept.snapshot("diagnosis", "some", 25);
        kept.copied("some", 30);
        kept.execute(
                """
                CREATE FUNCTION die() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN
                    IF OLD.sequence_number = 13 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;
                    RETURN OLD;
                END $$""");
        kept.execute("CREATE TRIGGER die BEFORE DELETE ON diagnosis_event FOR EACH ROW EXECUTE FUNCTION die()");
        Upkeep upkeep = new Upkeep(
                kept.dataSource,
                List.of(TrimmedJournalTable.ofWindows(Duration.ofDays(7), 50, new Pause(Duration.ZERO))),
                "killed",
                clock());

        assertThatThrownBy(upkeep::run).isInstanceOf(SQLException.class);
        List<String> afterwards = kept.rows("SELECT min(sequence_number), count(*) FROM diagnosis_event");
        kept.execute("DROP TRIGGER die ON diagnosis_event");
        run(Kept.NOW);

        assertThat(afterwards).containsExactly("11 | 20");
        assertThat(kept.rows("SELECT min(sequence_number), count(*) FROM diagnosis_event"))
                .containsExactly("25 | 6");
    }

    @Test
    void aDryRunChangesNothingAndSaysWhatARunThenDoes() throws Exception {
        Instant longAgo = Kept.NOW.minus(Duration.ofDays(800));
        kept.windows("window_1m", longAgo, 1);
        kept.windows("window_1d", longAgo, 1, 2, 3);
        incident("old", longAgo, "'" + longAgo + "'");
        kept.events("diagnosis", "some", 30, longAgo);
        kept.snapshot("diagnosis", "some", 25);
        kept.copied("some", 30);
        List<String> before = kept.everything();

        UpkeepReport looked = kept.upkeep(Kept.NOW).look();
        List<String> after = kept.everything();
        UpkeepReport done = run(Kept.NOW);

        assertThat(after).isEqualTo(before);
        assertThat(withoutBytes(looked)).hasSizeGreaterThan(5).isEqualTo(withoutBytes(done));
        assertThat(looked.of("old-minutes")).isEqualTo(done.of("old-minutes"));
        assertThat(kept.upkeep(Kept.NOW).look().lines()).isEmpty();
    }

    /** A row that is deleted has another size than one that is read, by its alignment. */
    private static List<String> withoutBytes(UpkeepReport report) {
        return report.lines().stream()
                .map(line -> line.replaceAll(", \\d+ bytes", ""))
                .toList();
    }

    private UpkeepReport run(Instant now) throws SQLException {
        Optional<UpkeepReport> report = kept.upkeep(now).run();
        return report.orElseThrow();
    }

    private static Clock clock() {
        return Clock.fixed(Kept.NOW, ZoneOffset.UTC);
    }

    private List<UpkeepRun> runs() throws SQLException {
        try (Connection connection = kept.dataSource.getConnection()) {
            return UpkeepRunStore.last(connection);
        }
    }

    private static UpkeepRun of(String what, List<UpkeepRun> runs) {
        Map<String, UpkeepRun> byName = runs.stream().collect(Collectors.toMap(UpkeepRun::what, run -> run));
        return Objects.requireNonNull(byName.get(what));
    }

    private void incident(String id, Instant onset, String ended) {
        kept.execute("INSERT INTO incident VALUES ('" + id + "', 1, 'l', 'open', 1, '" + onset + "', '" + onset + "', '"
                + onset + "', " + ended + ", '" + onset + "', '{}', 'r', '[]', now())");
    }

    private void problem(String id, Instant ended, String delivery) {
        kept.execute("INSERT INTO problem VALUES ('" + id + "', 1, 'default', 'some', 'SOURCE', 'l', 's', NULL, '"
                + ended + "', '" + ended + "', NULL, NULL, '[]')");
        kept.execute("INSERT INTO delivery VALUES ('" + id + "', 1, '" + id + "', 'c', FALSE, '" + delivery
                + "', 1, now(), ''," + " NULL)");
    }

    /** Does its work and loses its connection before it can say so. */
    private record Killed(Chore chore) implements Chore {
        @Override
        public String what() {
            return chore.what();
        }

        @Override
        public Work look(Connection connection, Instant now) throws SQLException {
            return chore.look(connection, now);
        }

        @Override
        public Work work(Connection connection, Instant now) throws SQLException {
            Work work = chore.work(connection, now);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT pg_terminate_backend(pg_backend_pid())");
            }
            return work;
        }
    }
}
