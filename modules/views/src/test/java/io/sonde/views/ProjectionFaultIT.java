package io.sonde.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sonde.core.SourceId;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.projection.ProjectionBehavior;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The projection fails at each of its steps: what it wrote and how far it is are there together, or not at all. */
class ProjectionFaultIT {
    private static final int SOURCES = 8;

    private final Following following = new Following();

    @AfterEach
    void stop() throws Exception {
        following.stop();
    }

    @ParameterizedTest
    @CsvSource({
        // The rows, after some of them were written.
        "window_1m, BEFORE INSERT, '', 53100",
        // Some rows are there, others not.
        "incident, BEFORE INSERT, '', 53100",
        // The offset, which comes after the rows.
        "projection_offset_store, AFTER INSERT OR UPDATE, '', XX000",
        // The commit itself, after everything.
        "projection_offset_store, AFTER INSERT OR UPDATE, DEFERRABLE INITIALLY DEFERRED, 53100"
    })
    void p4WhatFailsBeforeTheCommitLeavesNothingAndIsCopiedLater(
            String table, String when, String deferred, String sqlState) throws Exception {
        following.readSide.execute("CREATE FUNCTION refuse() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN"
                + " RAISE EXCEPTION 'No space left on device' USING ERRCODE = '" + sqlState + "'; END $$");
        following.readSide.execute("CREATE " + (deferred.isEmpty() ? "" : "CONSTRAINT ") + "TRIGGER refuse " + when
                + " ON " + table + " " + deferred + " FOR EACH ROW EXECUTE FUNCTION refuse()");
        journal(0, 3);
        following.project();
        await("a transaction was tried and rolled back")
                .atMost(Duration.ofSeconds(20))
                .until(() -> following
                        .readSide
                        .rows("SELECT xact_rollback > 0 FROM pg_stat_database" + " WHERE datname = current_database()")
                        .equals(List.of("t")));
        List<String> meanwhile = following.readSide.rows("SELECT (SELECT count(*) FROM window_1m),"
                + " (SELECT count(*) FROM rollup_due), (SELECT count(*) FROM incident),"
                + " (SELECT count(*) FROM projection_offset_store)");

        following.readSide.execute("DROP TRIGGER refuse ON " + table);

        assertThat(meanwhile).containsExactly("0 | 0 | 0 | 0");
        assertNothingDiffers(3);
    }

    @Test
    void p4ConnectionsThatAreKilledAtAnyMomentLoseNothing() throws Exception {
        following.project();
        for (int minute = 0; minute < 30; minute++) {
            journal(minute, minute + 1);
            following.readSide.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    + " AND query LIKE ANY (ARRAY['%window_1m%', '%projection_offset_store%'])");
        }

        assertNothingDiffers(30);
    }

    @Test
    void p4TwoProjectionsOfOneSliceAtOnceHaveTheEffectOfOne() throws Exception {
        following.project();
        journal(0, 10);
        List<ActorRef<ProjectionBehavior.Command>> others = Slices.all().stream()
                .map(slice -> following.project(slice, "other-" + slice))
                .toList();
        journal(10, 30);
        others.forEach(other -> other.tell(ProjectionBehavior.stopMessage()));
        journal(30, 40);

        assertNothingDiffers(40);
    }

    private void journal(int fromMinute, int toMinute) throws Exception {
        for (int minute = fromMinute; minute < toMinute; minute++) {
            for (int i = 0; i < SOURCES; i++) {
                long startMs = Given.minute(minute);
                SourceId source = new SourceId("default", "some", "source-" + i, 0);
                following.journal(Given.judged(
                        source,
                        0,
                        Given.window("https://a.example/", startMs, 1, minute, i),
                        Given.judgement(minute, Given.verdict("dns-bound", minute)),
                        Given.incident(source, "https://a.example/", 0, minute + 1)));
            }
        }
    }

    private void assertNothingDiffers(int minutes) throws Exception {
        Verified verified = following.verify(Given.minute(0));

        assertThat(verified.first()).isEmpty();
        assertThat(verified.behind()).isFalse();
        assertThat(verified.windows()).isEqualTo((long) minutes * SOURCES);
        assertThat(following.readSide.rows("SELECT count(*), sum(revision) FROM window_1m"))
                .containsExactly(minutes * SOURCES + " | " + 3 * minutes * SOURCES);
        assertThat(verified.incidents()).isEqualTo(SOURCES);
        assertThat(following.readSide.rows("SELECT DISTINCT version FROM incident"))
                .containsExactly(Integer.toString(minutes));
    }
}
