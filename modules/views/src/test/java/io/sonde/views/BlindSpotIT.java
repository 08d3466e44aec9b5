package io.sonde.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sonde.core.SourceId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Transactions that write the journal and end late, while others write it too. */
class BlindSpotIT {
    /** {@code make faults} holds them for a minute. */
    private static final Duration HELD = Duration.ofSeconds(Integer.getInteger("sonde.test.held-seconds", 15));

    private static final int SOURCES = 20;

    private final Following following = new Following();

    @AfterEach
    void stop() throws Exception {
        following.stop();
    }

    @Test
    void aRowIsCopiedHoweverLateItsTransactionEndsAndOneRolledBackHoldsNothingUp() throws Exception {
        following.project();
        load(0);
        awaitCopied(SOURCES);
        long early = nextNumber();
        try (Late committed = Late.begin(following, "committed", nextNumber());
                Late rolledBack = Late.begin(following, "rolled-back", nextNumber());
                Late prepared = Late.begin(following, "prepared", nextNumber());
                Late paused = Late.begin(following, "paused", nextNumber())) {
            prepared.prepare();
            CompletableFuture<Void> insert = paused.pauseInsideAnInsert();
            int minute = 1;
            for (long end = System.nanoTime() + HELD.toNanos(); System.nanoTime() < end; minute++) {
                load(minute);
            }
            assertThat(heldUp()).contains("for ").contains(" s");

            committed.connection().commit();
            rolledBack.connection().rollback();
            prepared.execute("COMMIT PREPARED 'late'");
            paused.goOn();
            insert.get(20, TimeUnit.SECONDS);
            paused.connection().commit();
            writeWithNumber(early);

            awaitCopied(minute * SOURCES + 4);
        }
        assertThat(following.readSide.rows("SELECT source FROM series WHERE source LIKE 'late-%' ORDER BY 1"))
                .containsExactly("late-committed", "late-early-number", "late-paused", "late-prepared");
        Verified verified = following.verify(Given.minute(0));
        assertThat(verified.first()).isEmpty();
        assertThat(verified.notCopied()).isZero();
    }

    @Test
    void aTransactionOfALongerNumberComesAfterThatOfAShorterOne() throws Exception {
        try (Connection connection = following.readSide.dataSource.getConnection()) {
            following.insert(connection, of("some", 0), 1);
            following.insert(connection, of("other", 0), 2);
            following.readSide.execute("UPDATE diagnosis_event SET persistence_id = 'one', sequence_number = ordering,"
                    + " xid = (CASE ordering WHEN 1 THEN '99' ELSE '100' END)::xid8");
            int slice = Integer.parseInt(following
                    .readSide
                    .rows("SELECT DISTINCT " + Slices.OF_ROW + " FROM diagnosis_event")
                    .get(0));

            JournalPage page = new JournalTable(new EventFormat(following.system))
                    .page(connection, slice, JournalOffset.START, 10);

            assertThat(page.rows())
                    .extracting(Journalled::offset)
                    .containsExactly(new JournalOffset(99, 1), new JournalOffset(100, 2));
            assertThat(page.end()).isEqualTo(new JournalOffset(100, 2));
        }
    }

    /** One window of each source. */
    private void load(int minute) throws Exception {
        for (int i = 0; i < SOURCES; i++) {
            following.journal(of("load-" + i, minute));
        }
    }

    static Diagnosed of(String source, int minute) {
        long startMs = Given.minute(minute);
        return Given.diagnosed(
                new SourceId("default", "some", source, 0),
                startMs,
                startMs + 63_000,
                Given.window("https://a.example/", startMs, 0, 1));
    }

    /** A session that took its numbers of the sequence long before it writes. */
    private void writeWithNumber(long number) throws SQLException {
        try (Connection connection = following.readSide.dataSource.getConnection()) {
            following.insert(connection, of("late-early-number", 0), number);
        }
    }

    private long nextNumber() {
        return Long.parseLong(following
                .readSide
                .rows("SELECT nextval(pg_get_serial_sequence('diagnosis_event', 'ordering'))")
                .get(0));
    }

    private String heldUp() throws SQLException {
        try (Connection connection = following.readSide.dataSource.getConnection()) {
            return OpenTransactionTable.openFor(connection, HELD.minusSeconds(2))
                    .orElse("");
        }
    }

    private void awaitCopied(int windows) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(following.readSide.rows("SELECT count(*) FROM window_1m"))
                        .isEqualTo(List.of(Integer.toString(windows))));
    }
}
