package io.sonde.views;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The journal of closed windows, in the order of the transactions that wrote it. */
final class JournalTable {
    /** A page's payloads come to this much and one more row; a row may be large. */
    private static final long PAGE_BYTES = 4 * 1024 * 1024;

    /**
     * Rows whose transaction is younger than one that is still open wait: that one may still commit before them. Ordered by
     * the number: {@code xid} alone would be the text that is selected, of which 1000 comes before 999.
     */
    private static final String PAGE =
            """
            SELECT xid::text, ordering, write_timestamp, event_ser_id, event_ser_manifest, event_payload, bytes
            FROM (SELECT page.*, sum(octet_length(event_payload)) OVER (ORDER BY xid, ordering) AS bytes
                  FROM (SELECT xid, ordering, write_timestamp, event_ser_id, event_ser_manifest, event_payload
                        FROM diagnosis_event
                        WHERE %s = ? AND (xid, ordering) > (?::xid8, ?)
                          AND xid < pg_snapshot_xmin(pg_current_snapshot())
                        ORDER BY xid, ordering LIMIT ?) page) sized
            WHERE bytes - octet_length(event_payload) < ?
            ORDER BY sized.xid, sized.ordering
            """
                    .formatted(Slices.OF_ROW);

    private static final int FETCH_SIZE = 100;

    private static final String BY_SOURCE =
            """
            SELECT xid::text, ordering, write_timestamp, event_ser_id, event_ser_manifest, event_payload,
                   %s, persistence_id
            FROM diagnosis_event WHERE write_timestamp >= ? ORDER BY persistence_id, sequence_number
            """
                    .formatted(Slices.OF_ROW);

    private static final String ENDS =
            """
            SELECT slice, newest.xid::text, newest.ordering
            FROM generate_series(0, ?) slice
            CROSS JOIN LATERAL (SELECT xid, ordering FROM diagnosis_event WHERE %s = slice
                                ORDER BY xid DESC, ordering DESC LIMIT 1) newest
            """
                    .formatted(Slices.OF_ROW);

    /** What is visible was written by a transaction that this cluster has begun, or by another cluster. */
    private static final String FOREIGN =
            """
            SELECT EXISTS (SELECT 1 FROM generate_series(0, ?) slice JOIN diagnosis_event ON %s = slice
                           WHERE xid >= pg_snapshot_xmax(pg_current_snapshot()))
                OR EXISTS (SELECT 1 FROM projection_offset_store
                           WHERE projection_name = ? AND split_part(current_offset, '/', 1)::xid8
                                                         >= pg_snapshot_xmax(pg_current_snapshot()))
            """
                    .formatted(Slices.OF_ROW);

    private final EventFormat format;

    JournalTable(EventFormat format) {
        this.format = format;
    }

    /** What follows {@code after} and nothing can come before any more, at most {@code limit} rows. */
    JournalPage page(Connection connection, int slice, JournalOffset after, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PAGE)) {
            statement.setInt(1, slice);
            statement.setString(2, Long.toString(after.xid()));
            statement.setLong(3, after.ordering());
            statement.setInt(4, limit);
            statement.setLong(5, PAGE_BYTES);
            return page(statement, after, limit);
        }
    }

    private JournalPage page(PreparedStatement statement, JournalOffset after, int limit) throws SQLException {
        List<Journalled> page = new ArrayList<>();
        JournalOffset end = after;
        long bytes = 0;
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                Journalled row = row(rows);
                page.add(row);
                end = row.offset();
                bytes = rows.getLong(7);
            }
        }
        return new JournalPage(page, end, page.size() == limit || bytes >= PAGE_BYTES);
    }

    /** Takes rows of the journal, those of a source one after the other in their order. */
    @FunctionalInterface
    interface Visitor {
        void visit(int slice, String persistenceId, Journalled row) throws SQLException;
    }

    /** Every row written from this time on; not in autocommit. */
    void forEach(Connection connection, long writtenFromMs, Visitor visitor) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(BY_SOURCE)) {
            statement.setFetchSize(FETCH_SIZE);
            statement.setLong(1, writtenFromMs);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    visitor.visit(rows.getInt(7), rows.getString(8), row(rows));
                }
            }
        }
    }

    private Journalled row(ResultSet rows) throws SQLException {
        return new Journalled(
                new JournalOffset(Long.parseLong(rows.getString(1)), rows.getLong(2)),
                new Diagnosed(format.read(rows.getBytes(6), rows.getInt(4), rows.getString(5)), rows.getLong(3)));
    }

    /** The last row of each slice; no entry for a slice without rows. */
    static Map<Integer, JournalOffset> ends(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ENDS)) {
            statement.setInt(1, Slices.COUNT - 1);
            Map<Integer, JournalOffset> ends = new HashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    ends.put(rows.getInt(1), new JournalOffset(Long.parseLong(rows.getString(2)), rows.getLong(3)));
                }
            }
            return ends;
        }
    }

    /**
     * True when the journal was written in another PostgreSQL cluster, whose transactions had higher numbers: what is
     * written here would come before what has been read.
     */
    static boolean isForeign(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FOREIGN)) {
            statement.setInt(1, Slices.COUNT - 1);
            statement.setString(2, WindowProjection.NAME);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /** Gives all rows a number of this cluster, lower than that of any to come; offsets mean nothing after that. */
    static void adopt(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT key_diagnosis_events()");
        }
    }
}
