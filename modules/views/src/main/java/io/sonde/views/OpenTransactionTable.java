package io.sonde.views;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** Transactions that have written and are still open, in any database of the cluster: projections read up to the oldest. */
final class OpenTransactionTable {
    /** Sessions of other roles are seen by members of pg_read_all_stats alone. */
    private static final String OLDEST =
            """
            SELECT who, extract(epoch FROM clock_timestamp() - since)::bigint
            FROM (SELECT concat('process ', pid, ' (', coalesce(nullif(application_name, ''), 'without a name'),
                                ', ', usename, ' in ', datname, ', ', state, ')') AS who,
                         xact_start AS since, age(backend_xid) AS age
                  FROM pg_stat_activity WHERE backend_xid IS NOT NULL
                  UNION ALL
                  SELECT concat('the prepared transaction ', quote_literal(gid), ' of ', owner, ' in ', database),
                         prepared, age(transaction)
                  FROM pg_prepared_xacts) open
            WHERE since < clock_timestamp() - make_interval(secs => ?)
            ORDER BY age DESC LIMIT 1
            """;

    private OpenTransactionTable() {}

    /** Who has kept one open for longer than this, and for how long, in words. */
    static Optional<String> openFor(Connection connection, Duration longerThan) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(OLDEST)) {
            statement.setDouble(1, (double) longerThan.toSeconds());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1) + " for " + row.getLong(2) + " s") : Optional.empty();
            }
        }
    }
}
