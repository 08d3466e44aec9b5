package io.sonde.views;

import io.sonde.views.Difference.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** The sequence numbers of all journals from the snapshot on, if there is one: without a gap. Nobody reads what lies before. */
final class SequenceTable {
    private static final List<String> JOURNALS = List.of("windows", "diagnosis", "problem");
    private static final int FETCH_SIZE = 1_000;

    private static final String GAPS =
            """
            WITH snapshot AS (SELECT persistence_id, max(sequence_number) AS last
                              FROM %1$s_snapshot GROUP BY persistence_id)
            SELECT persistence_id, coalesce(event.count, 0), event.first, event.last, snapshot.last
            FROM (SELECT persistence_id, count(*) AS count, min(sequence_number) AS first, max(sequence_number) AS last
                  FROM %1$s_event LEFT JOIN snapshot USING (persistence_id)
                  WHERE sequence_number >= coalesce(snapshot.last, 0)
                  GROUP BY persistence_id) event
            FULL JOIN snapshot USING (persistence_id)
            WHERE event.count IS NULL
               OR event.count <> event.last - event.first + 1
               OR event.first > coalesce(snapshot.last, 0) + 1
               OR event.last < snapshot.last
            ORDER BY persistence_id
            """;

    private SequenceTable() {}

    static void check(Connection connection, Findings findings) throws SQLException {
        for (String journal : JOURNALS) {
            try (PreparedStatement statement = connection.prepareStatement(GAPS.formatted(journal))) {
                statement.setFetchSize(FETCH_SIZE);
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        findings.differs(Kind.JOURNAL_GAP, null, null, gap(journal, rows));
                    }
                }
            }
        }
    }

    private static String gap(String journal, ResultSet row) throws SQLException {
        long snapshot = row.getLong(5);
        String said = row.wasNull() ? "no snapshot" : "a snapshot of number " + snapshot;
        return journal + "_event has " + row.getLong(2) + " events of " + row.getString(1)
                + (row.getLong(2) == 0 ? "" : ", numbers " + row.getLong(3) + " to " + row.getLong(4)) + ", and "
                + said;
    }
}
