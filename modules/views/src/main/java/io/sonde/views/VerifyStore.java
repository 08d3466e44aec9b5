package io.sonde.views;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import javax.sql.DataSource;

/** Compares the journals with the read side in one snapshot of the database, and writes nothing. */
final class VerifyStore {
    private static final int SERIES_AT_A_TIME = 100;
    /** A window is journalled after it ended; what a node's clock may be wrong by is far less than this. */
    private static final long JOURNALLED_BEFORE_MS = 60 * 60_000L;

    private final DataSource dataSource;
    private final JournalTable journal;

    VerifyStore(DataSource dataSource, EventFormat format) {
        this.dataSource = dataSource;
        this.journal = new JournalTable(format);
    }

    /** The last row that the journal holds of each slice. */
    Map<Integer, JournalOffset> ends() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return JournalTable.ends(connection);
        }
    }

    boolean copiedUpTo(Map<Integer, JournalOffset> ends) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return OffsetTable.haveReached(connection, ends);
        }
    }

    /**
     * @return the span of which the journal still says everything, which was compared
     * @throws IllegalArgumentException when there is none
     */
    Span verify(Span asked, Findings findings) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setReadOnly(true);
            Span span = covered(connection, asked);
            MinuteCheckStore minutes = new MinuteCheckStore(connection, span, findings);
            IncidentCheckStore incidents = new IncidentCheckStore(connection, span, findings);
            journal.forEach(connection, span.fromMs() - JOURNALLED_BEFORE_MS, (slice, source, event) -> {
                minutes.check(slice, source, event);
                incidents.check(slice, source, event);
            });
            minutes.endOfSource();
            incidents.endOfSource();
            RollupCheckStore rollups = new RollupCheckStore(connection, span, findings);
            SeriesTable.forEachChunk(connection, SERIES_AT_A_TIME, series -> {
                minutes.checkOthers(series);
                incidents.checkOthers(series);
                rollups.check(series);
            });
            new OverviewCheckStore(connection, span, findings).check();
            SequenceTable.check(connection, findings);
            connection.rollback();
            return span;
        }
    }

    private static Span covered(Connection connection, Span asked) throws SQLException {
        long fromMs =
                KeptFromTable.windows(connection).map(Instant::toEpochMilli).orElse(asked.fromMs());
        return new Span(Math.max(asked.fromMs(), fromMs), asked.toMs());
    }
}
