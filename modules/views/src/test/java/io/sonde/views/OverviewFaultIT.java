package io.sonde.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.core.SourceId;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Overviews are right in the end, whoever wrote beside whom, and whoever was killed at it. */
class OverviewFaultIT {
    private static final int SOURCES = 8;
    private static final int MINUTES = 20;
    private static final int ROLLERS = 3;

    private final Following following = new Following();
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final AtomicInteger made = new AtomicInteger();
    private final AtomicInteger killed = new AtomicInteger();

    @AfterEach
    void stop() throws Exception {
        following.stop();
    }

    @Test
    void manyProjectionsAndRollersThatAreKilledLeaveWhatTheWindowsComeTo() throws Exception {
        following.project();
        ExecutorService threads = Executors.newFixedThreadPool(ROLLERS);
        List<Future<?>> rollers = new ArrayList<>();
        for (int i = 0; i < ROLLERS; i++) {
            rollers.add(threads.submit(this::rollUpAllTheTime));
        }
        for (int minute = 0; minute < MINUTES; minute++) {
            for (int revision : new int[] {2, 4, 3, 4}) {
                journal(minute, revision);
            }
            killARoller();
        }
        following.verify(Given.minute(0));
        isOver.set(true);
        for (Future<?> roller : rollers) {
            roller.get(30, TimeUnit.SECONDS);
        }
        threads.shutdown();
        following.readSide.rollUpOverviews(System.currentTimeMillis());

        Verified verified = following.verify(Given.minute(0));

        assertThat(verified.first()).isEmpty();
        assertThat(verified.notCopied()).isZero();
        assertThat(following.readSide.rows("SELECT count(*) FROM overview_due")).containsExactly("0");
        assertThat(following.readSide.rows(
                        "SELECT resolution, sum(windows), sum(success) FROM overview" + " GROUP BY 1 ORDER BY 1"))
                .containsExactly(all("1d"), all("1h"), all("1m"));
        assertThat(made.get()).as("rolled up meanwhile").isGreaterThan(MINUTES);
        assertThat(killed.get()).as("killed in the middle").isPositive();
    }

    @Test
    void aRollUpThatFailsBeforeItsCommitLeavesNothingAndIsMadeLater() {
        ReadSide readSide = following.readSide;
        readSide.execute("CREATE FUNCTION refuse() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN"
                + " RAISE EXCEPTION 'No space left on device' USING ERRCODE = '53100'; END $$");
        readSide.execute("CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON overview DEFERRABLE INITIALLY DEFERRED"
                + " FOR EACH ROW EXECUTE FUNCTION refuse()");
        readSide.write(Given.diagnosed("https://a.example/", 0, 0, 1, 2));

        assertThat(rollUp()).isEqualTo("No space left on device");

        assertThat(readSide.rows("SELECT (SELECT count(*) FROM overview), (SELECT count(*) FROM overview_due)"))
                .containsExactly("0 | 1");
        readSide.execute("DROP TRIGGER refuse ON overview");
        assertThat(readSide.rollUpOverviews(Given.minute(1))).isEqualTo(1);
    }

    private void journal(int minute, int revision) throws Exception {
        for (int i = 0; i < SOURCES; i++) {
            SourceId source = new SourceId("default", "some", "source-" + i, 0);
            long startMs = Given.minute(minute);
            following.journal(Given.diagnosed(
                    source, startMs, 0, Given.window("https://a.example/", startMs, 0, Given.someValues(i, revision))));
        }
    }

    private void rollUpAllTheTime() {
        while (!isOver.get()) {
            try {
                made.addAndGet(new OverviewRollupStore(following.readSide.dataSource, Duration.ZERO)
                        .rollUp(System.currentTimeMillis(), 5));
            } catch (SQLException e) {
                killed.incrementAndGet();
            }
        }
    }

    private String rollUp() {
        try {
            return "made " + new OverviewRollupStore(following.readSide.dataSource, Duration.ZERO).rollUp(0, 1);
        } catch (SQLException e) {
            return String.valueOf(e.getMessage()).lines().findFirst().orElse("").replace("ERROR: ", "");
        }
    }

    /** Wherever it is. */
    private void killARoller() {
        following.readSide.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                + " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                + " AND query LIKE ANY (ARRAY['%FROM overview%', '%INTO overview %', '%series s JOIN window_1m%'])"
                + " LIMIT 1");
    }

    private static String all(String resolution) {
        return resolution + " | " + MINUTES * SOURCES + " | " + 4 * MINUTES * SOURCES;
    }
}
