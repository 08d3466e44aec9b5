package io.sonde.upkeep;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Deletes the beginning of each entity's events: those that are too old, have been copied into the read side, and lie
 * before its newest snapshot. Each statement takes the first ones up to a number, so what is left has no gap whenever it
 * stops; the snapshot's own event stays, as Pekko's deletion leaves the last one, and with it the highest number.
 *
 * @param journal before {@code _event} and {@code _snapshot}
 * @param offsets a query of {@code slice} and how far it has been copied
 * @param copied whether an event {@code e} of the slice {@code o} has been copied
 */
record TrimmedJournalTable(
        String what, String journal, String offsets, String copied, Duration keep, int batch, Pause pause)
        implements Chore {
    /** Entities looked at in one statement; of each a share of the batch is deleted. */
    private static final int ENTITIES = 10;

    private static final String ENTITY_PAGE = "SELECT max(persistence_id) FROM (SELECT DISTINCT persistence_id"
            + " FROM %s_snapshot WHERE persistence_id > ? ORDER BY persistence_id LIMIT ?) page";

    /** Visits what goes and one event more of each entity, by the primary key. */
    private static final String BELOW =
            """
            WITH o AS (%2$s),
            trim AS (
                SELECT s.persistence_id,
                       least(s.number, coalesce(kept.number, s.number), first.number + ?::bigint) AS below
                FROM (SELECT persistence_id, max(sequence_number) AS number FROM %1$s_snapshot
                      WHERE persistence_id > ? AND persistence_id <= ? GROUP BY persistence_id) s
                CROSS JOIN LATERAL (SELECT sequence_number AS number FROM %1$s_event
                                    WHERE persistence_id = s.persistence_id ORDER BY sequence_number LIMIT 1) first
                LEFT JOIN LATERAL (SELECT e.sequence_number AS number FROM %1$s_event e
                                   LEFT JOIN o ON o.slice = hashtext(e.persistence_id) & 15
                                   WHERE e.persistence_id = s.persistence_id
                                     AND e.sequence_number < first.number + ?::bigint
                                     AND NOT (e.write_timestamp < ? AND coalesce(%3$s, FALSE))
                                   ORDER BY e.sequence_number LIMIT 1) kept ON TRUE)
            """;

    private static final String COUNT = BELOW
            + """
            SELECT count(*), coalesce(sum(pg_column_size(e.*)), 0)
            FROM trim JOIN %1$s_event e ON e.persistence_id = trim.persistence_id AND e.sequence_number < trim.below
            """;

    private static final String DELETE = BELOW
            + """
            , gone AS (DELETE FROM %1$s_event e USING trim
                       WHERE e.persistence_id = trim.persistence_id AND e.sequence_number < trim.below
                       RETURNING pg_column_size(e.*) AS size)
            SELECT count(*), coalesce(sum(size), 0) FROM gone
            """;

    /** Of closed windows: 16 slices, in the order of transactions. */
    static TrimmedJournalTable ofWindows(Duration keep, int batch, Pause pause) {
        return new TrimmedJournalTable(
                "old-closed-windows",
                "diagnosis",
                "SELECT right(projection_key, 2)::int AS slice, split_part(current_offset, '/', 1)::xid8 AS xid,"
                        + " split_part(current_offset, '/', 2)::bigint AS ordering"
                        + " FROM projection_offset_store WHERE projection_name = 'windows'",
                "(e.xid, e.ordering) <= (o.xid, o.ordering)",
                keep,
                batch,
                pause);
    }

    /** Of problems: one entity, whose offset is its sequence number. */
    static TrimmedJournalTable ofProblems(Duration keep, int batch, Pause pause) {
        return new TrimmedJournalTable(
                "old-problem-events",
                "problem",
                "SELECT slice, current_offset::bigint AS number FROM projection_offset_store,"
                        + " generate_series(0, 15) slice WHERE projection_name = 'problems'",
                "e.sequence_number <= o.number",
                keep,
                batch,
                pause);
    }

    @Override
    public Work look(Connection connection, Instant now) throws SQLException {
        Work all = Work.NONE;
        String after = "";
        for (String to = page(connection, after); to != null; to = page(connection, after)) {
            all = all.and(trim(connection, COUNT, Long.MAX_VALUE / 2, after, to, now));
            after = to;
        }
        return all;
    }

    @Override
    public Work work(Connection connection, Instant now) throws SQLException {
        Work all = Work.NONE;
        String after = "";
        for (String to = page(connection, after); to != null; to = page(connection, after)) {
            all = all.and(emptied(connection, after, to, now));
            after = to;
        }
        return all;
    }

    private Work emptied(Connection connection, String after, String to, Instant now) throws SQLException {
        long each = Math.max(1, batch / ENTITIES);
        Work all = Work.NONE;
        Work more;
        do {
            more = Transaction.of(connection, () -> {
                Work gone = trim(connection, DELETE, each, after, to, now);
                if (!gone.isNone()) {
                    KeptFromTable.advance(connection, journal, now.minus(keep));
                }
                return gone;
            });
            all = all.and(more);
            if (!more.isNone()) {
                pause.take();
            }
        } while (more.rows() >= each);
        return all;
    }

    /** The last of the entities that follow. */
    private @Nullable String page(Connection connection, String after) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ENTITY_PAGE.formatted(journal))) {
            statement.setString(1, after);
            statement.setInt(2, ENTITIES);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    private Work trim(Connection connection, String sql, long each, String after, String to, Instant now)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.formatted(journal, offsets, copied))) {
            statement.setLong(1, each);
            statement.setString(2, after);
            statement.setString(3, to);
            statement.setLong(4, each);
            statement.setLong(5, now.minus(keep).toEpochMilli());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return Work.rows(row.getLong(1), row.getLong(2));
            }
        }
    }
}
