package io.sonde.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.core.Minute;
import io.sonde.core.SourceId;
import io.sonde.views.Difference.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One journal, copied and rolled up; each test spoils something of it and puts it back. */
class VerificationIT {
    private static final Clock CLOCK =
            Clock.fixed(Instant.ofEpochMilli(Given.START_MS).plus(Duration.ofDays(30)), ZoneOffset.UTC);
    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final int SOURCES = 3;
    private static final int MINUTES = 130;
    private static final long WINDOWS = (2L * MINUTES + 1) * SOURCES;
    private static final long EVENTS = SOURCES * (MINUTES + 3L + 3L);

    private static final SourceId SOURCE_1 = new SourceId("default", "some", "source-1", 0);

    private static final Following FOLLOWING = new Following();

    @BeforeAll
    static void journal() throws Exception {
        FOLLOWING.project();
        for (int number = 0; number < SOURCES; number++) {
            SourceId source = new SourceId("default", "some", "source-" + number, 0);
            Random random = new Random(number);
            for (int minute = 0; minute < MINUTES; minute++) {
                long startMs = Given.minute(minute);
                FOLLOWING.journal(Given.diagnosed(
                        source,
                        startMs,
                        0,
                        Given.window("https://labelled.example/", startMs, 1, random.nextInt(100), 2),
                        Given.window("https://some.example/", startMs, 0, Given.someValues(minute, 100))));
            }
            for (int version : new int[] {1, 2, 3}) {
                FOLLOWING.journal(Given.judged(
                        source,
                        0,
                        Given.window("https://some.example/", Given.minute(MINUTES), 0, new double[version]),
                        Given.judgement(50),
                        Given.incident(source, "https://some.example/", 20, version),
                        Given.incident(source, "https://labelled.example/", 30, version)));
            }
            revise(source, 7);
        }
        verify(new Span(Given.minute(0), Given.minute(MINUTES + 1)));
        FOLLOWING.readSide.rollUp(CLOCK.millis());
    }

    /** A higher revision, and the one it replaces once more. */
    private static void revise(SourceId source, int minute) throws Exception {
        for (int revision : new int[] {4, 3, 4}) {
            FOLLOWING.journal(Given.diagnosed(
                    source,
                    Given.minute(minute),
                    0,
                    Given.window("https://labelled.example/", Given.minute(minute), 1, Given.someValues(1, revision))));
        }
    }

    @BeforeEach
    void keepWhatIsThere() {
        FOLLOWING.readSide.execute("CREATE TABLE IF NOT EXISTS kept_1m AS SELECT * FROM window_1m");
        FOLLOWING.readSide.execute("CREATE TABLE IF NOT EXISTS kept_1h AS SELECT * FROM window_1h");
        FOLLOWING.readSide.execute("CREATE TABLE IF NOT EXISTS kept_1d AS SELECT * FROM window_1d");
        FOLLOWING.readSide.execute("CREATE TABLE IF NOT EXISTS kept_incident AS SELECT * FROM incident");
        FOLLOWING.readSide.execute("TRUNCATE window_1m, window_1h, window_1d, incident");
        FOLLOWING.readSide.execute("INSERT INTO incident SELECT * FROM kept_incident");
        FOLLOWING.readSide.execute("INSERT INTO window_1m SELECT * FROM kept_1m");
        FOLLOWING.readSide.execute("INSERT INTO window_1h SELECT * FROM kept_1h");
        FOLLOWING.readSide.execute("INSERT INTO window_1d SELECT * FROM kept_1d");
    }

    @AfterAll
    static void stop() throws Exception {
        FOLLOWING.stop();
    }

    @Test
    void p22WhatWasCopiedIsTheSame() throws Exception {
        Verified verified = verify(all());

        assertThat(verified.first()).isEmpty();
        assertThat(verified.same()).isTrue();
        assertThat(verified.behind()).isFalse();
        assertThat(verified.notCopied()).isZero();
        assertThat(verified.windows()).isEqualTo(WINDOWS);
        assertThat(verified.events()).isEqualTo(EVENTS);
        assertThat(verified.incidents()).isEqualTo(2L * SOURCES);
        assertThat(verified.rollups()).isEqualTo(SOURCES * 2 * (3 + 1L));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "updated_at, updated_at + INTERVAL '1 ms'",
                "revision, revision - 1",
                "revision, revision + 1",
                "success, success + 1",
                "errors, NULL",
                "counts, '{3}'",
                "mins, '{1}'",
                "maxs, '{1}'",
                "p50s, '{1.5}'",
                "p95s, '{1.5}'",
                "summary, summary || '\\x00'",
                "reasons, '{\"1:reset\":1}'",
                "label, NULL",
                "score, NULL",
                "score, 0",
                "rules, 'rules-2'",
                "verdicts, NULL",
                "verdicts, \"jsonb_set(verdicts, '{0,evidence,0,baseline,mean}', '10.5')\"",
                "verdicts, \"jsonb_set(verdicts, '{0,grave}', 'false')\""
            })
    void aChangedColumnIsFoundAndNamed(String column, String value) throws Exception {
        long startMs = Given.minute(9);
        FOLLOWING.readSide.execute("UPDATE window_1m SET " + column + " = " + value
                + " WHERE window_start = to_timestamp(" + startMs / 1_000 + ") AND series_id ="
                + " (SELECT series_id FROM series WHERE source = 'source-1' AND target = 'https://labelled.example/')");

        Verified verified = verify(new Span(startMs, startMs + Minute.LENGTH_MS));

        assertThat(verified.differences()).hasSize(1).containsValue(1L);
        assertThat(verified.first()).singleElement().satisfies(difference -> {
            assertThat(difference.startMs()).isEqualTo(startMs);
            assertThat(difference.series())
                    .isEqualTo(new SourceId("default", "some", "source-1", 0).series("https://labelled.example/"));
            if (value.equals("revision + 1")) {
                assertThat(difference.kind()).isEqualTo(Kind.ROW_WITHOUT_EVENT);
            } else {
                assertThat(difference.kind()).isEqualTo(Kind.DIFFERENT_ROW);
                assertThat(difference.detail()).endsWith("differing: " + column);
            }
        });
    }

    @Test
    void aMissingRowIsFoundAndSoIsTheHourThatWasMadeWithIt() throws Exception {
        FOLLOWING.readSide.execute("DELETE FROM window_1m WHERE window_start = to_timestamp(" + Given.minute(3) / 1_000
                + ") AND series_id = (SELECT min(series_id) FROM series)");

        assertThat(verify(all()).differences()).isEqualTo(Map.of(Kind.MISSING_ROW, 1L, Kind.DIFFERENT_ROLLUP, 1L));
    }

    @Test
    void rowsThatNobodyJournalledAreFoundInSeriesThatAreKnownAndInOthers() throws Exception {
        long startMs = Given.minute(MINUTES + 5);
        FOLLOWING.readSide.write(
                Given.diagnosed(
                        new SourceId("default", "some", "source-0", 0),
                        startMs,
                        0,
                        Given.window("https://some.example/", startMs, 0, 1)),
                Given.diagnosed("https://nobody.example/", MINUTES + 5, 0, 1),
                Given.diagnosed("https://nobody.example/", MINUTES + 6, 0, 1));

        Verified verified = verify(all(), 2);

        assertThat(verified.differences()).isEqualTo(Map.of(Kind.ROW_WITHOUT_EVENT, 3L));
        assertThat(verified.first()).hasSize(2);
        FOLLOWING.readSide.execute("DELETE FROM rollup_due");
        FOLLOWING.readSide.execute("DELETE FROM series WHERE target = 'https://nobody.example/'");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "label, 'tls-bound'",
                "state, 'silent'",
                "version, 2",
                "version, 4",
                "onset, onset + INTERVAL '1 minute'",
                "opened, opened + INTERVAL '1 minute'",
                "last_seen, last_seen + INTERVAL '1 minute'",
                "ended, last_seen + INTERVAL '1 minute'",
                "peak, peak + INTERVAL '1 minute'",
                "peak_verdict, \"jsonb_set(peak_verdict, '{severity}', 'null')\"",
                "rules, 'rules-2'",
                "timeline, timeline - 1",
                "updated_at, updated_at + INTERVAL '1 ms'",
                "series_id, (SELECT min(series_id) FROM series WHERE source = 'source-2')"
            })
    void aChangedIncidentIsFoundAndItsColumnNamed(String column, String value) throws Exception {
        FOLLOWING.readSide.execute("UPDATE incident SET " + column + " = " + value + " WHERE id = '"
                + Given.incident(SOURCE_1, "https://some.example/", 20, 1).id() + "'");

        Verified verified = verify(all());

        assertThat(verified.differences()).containsEntry(Kind.DIFFERENT_INCIDENT, 1L);
        assertThat(verified.first()).first().satisfies(difference -> {
            assertThat(difference.series()).isEqualTo(SOURCE_1.series("https://some.example/"));
            assertThat(difference.startMs()).isEqualTo(Given.minute(20));
            assertThat(difference.detail()).endsWith("differing: " + column);
        });
    }

    @Test
    void aLostIncidentIsFoundAndSoIsOneThatNobodyJournalled() throws Exception {
        FOLLOWING.readSide.execute("DELETE FROM incident WHERE id = '"
                + Given.incident(SOURCE_1, "https://some.example/", 20, 1).id() + "'");
        FOLLOWING.readSide.execute("INSERT INTO incident SELECT 'invented', series_id, label, state, version, onset,"
                + " opened, last_seen, ended, peak, peak_verdict, rules, timeline, updated_at FROM incident LIMIT 1");

        Verified verified = verify(all());
        Verified before = verify(new Span(Given.minute(0), Given.minute(20)));

        assertThat(verified.differences())
                .isEqualTo(Map.of(Kind.MISSING_INCIDENT, 1L, Kind.INCIDENT_WITHOUT_EVENT, 1L));
        assertThat(verified.first().get(0).detail()).contains("version 3 of ");
        assertThat(before.same()).isTrue();
        assertThat(before.incidents()).isZero();
    }

    @Test
    void hoursAndDaysThatAreWrongMissingOrLeftOverAreFound() throws Exception {
        FOLLOWING.readSide.execute("UPDATE window_1h SET success = success + 1 WHERE (series_id, window_start) ="
                + " (SELECT series_id, window_start FROM window_1h ORDER BY 1, 2 LIMIT 1)");
        FOLLOWING.readSide.execute("DELETE FROM window_1d WHERE series_id = (SELECT max(series_id) FROM series)");
        FOLLOWING.readSide.execute(
                "INSERT INTO window_1d SELECT series_id, window_start + INTERVAL '1 day', updated_at,"
                        + " revision, success, errors, counts, mins, maxs, p50s, p95s, summary, reasons, label"
                        + " FROM window_1d ORDER BY 1 LIMIT 1");

        assertThat(verify(all()).differences())
                .as("the day of the wrong hour is wrong, too")
                .isEqualTo(Map.of(Kind.DIFFERENT_ROLLUP, 2L, Kind.MISSING_ROLLUP, 1L, Kind.ROLLUP_WITHOUT_ROWS, 1L));
    }

    @Test
    void aGapInEitherJournalIsFound() throws Exception {
        FOLLOWING.readSide.execute(
                "INSERT INTO windows_event (persistence_id, sequence_number, writer, event_ser_id,"
                        + " event_ser_manifest, event_payload) SELECT 'some', n, 'w', 1, 'A', '' FROM unnest('{4, 5, 7}'::int[]) n");
        FOLLOWING.readSide.execute(
                "INSERT INTO windows_event (persistence_id, sequence_number, writer, event_ser_id,"
                        + " event_ser_manifest, event_payload) SELECT 'half deleted', n, 'w', 1, 'A', '' FROM unnest('{1, 3, 5, 6}'::int[]) n");
        FOLLOWING.readSide.execute(
                "INSERT INTO windows_snapshot VALUES ('some', 3, 0, 1, 'S', ''), ('half deleted', 5, 0, 1, 'S', '')");
        FOLLOWING.readSide.execute("INSERT INTO diagnosis_snapshot SELECT 'lost', 3, 0, 1, 'S', ''");

        Verified verified = verify(all());

        FOLLOWING.readSide.execute("TRUNCATE windows_event, windows_snapshot, diagnosis_snapshot");
        assertThat(verified.first())
                .extracting(Difference::detail)
                .containsExactly(
                        "windows_event has 3 events of some, numbers 4 to 7, and a snapshot of number 3",
                        "diagnosis_event has 0 events of lost, and a snapshot of number 3");
    }

    @Test
    void whatIsNotCopiedYetIsNoDifferenceAndIsSaid() throws Exception {
        FOLLOWING.readSide.execute("CREATE TABLE offsets AS SELECT * FROM projection_offset_store");
        FOLLOWING.readSide.execute("UPDATE projection_offset_store SET current_offset = '0/0'");
        FOLLOWING.readSide.execute("TRUNCATE window_1m, window_1h, window_1d, incident");

        Verified verified = new Verification(FOLLOWING.system, FOLLOWING.readSide.dataSource, Following.KEEP, CLOCK)
                .run(all(), Duration.ofMillis(300), 10);

        FOLLOWING.readSide.execute("UPDATE projection_offset_store SET current_offset = offsets.current_offset"
                + " FROM offsets WHERE offsets.projection_key = projection_offset_store.projection_key");
        FOLLOWING.readSide.execute("DROP TABLE offsets");
        assertThat(verified.behind()).isTrue();
        assertThat(verified.same()).isTrue();
        assertThat(verified.notCopied()).isEqualTo(EVENTS);
    }

    @Test
    void whatTheJournalDoesNotCoverAnyMoreIsNotCompared() throws Exception {
        Verified everything = verify(all());
        FOLLOWING.readSide.execute("INSERT INTO kept_from VALUES ('diagnosis', '"
                + Instant.ofEpochMilli(Given.minute(3)) + "'::timestamptz - INTERVAL '1 hour')");

        Verified rest = verify(all());

        FOLLOWING.readSide.execute("TRUNCATE kept_from");
        assertThat(rest.span().fromMs()).isEqualTo(Given.minute(3));
        assertThat(rest.same()).isTrue();
        assertThat(rest.windows()).isPositive().isLessThan(everything.windows());
    }

    private static Span all() {
        return new Verification(FOLLOWING.system, FOLLOWING.readSide.dataSource, Following.KEEP, CLOCK).everything();
    }

    private static Verified verify(Span span) throws Exception {
        return verify(span, 10);
    }

    private static Verified verify(Span span, int named) throws Exception {
        return new Verification(FOLLOWING.system, FOLLOWING.readSide.dataSource, Following.KEEP, CLOCK)
                .run(span, WAIT, named);
    }
}
