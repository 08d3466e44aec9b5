package io.sonde.upkeep;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/**
 * Deletes the rows of a table that are too old, the oldest first, a batch in each transaction.
 *
 * @param key names a row
 * @param old which rows, with {@code :before} for the time before which they are
 */
record OldRowsTable(String what, String table, String key, String old, Duration keep, int batch, Pause pause)
        implements Chore {
    private static final String COUNT =
            """
            SELECT count(*), coalesce(sum(pg_column_size(o.*)), 0) FROM %1$s o WHERE %3$s
            """;

    private static final String DELETE =
            """
            WITH old AS (SELECT o.%2$s FROM %1$s o WHERE %3$s LIMIT ?),
            gone AS (DELETE FROM %1$s g USING old WHERE g.%2$s = old.%2$s RETURNING pg_column_size(g.*) AS size)
            SELECT count(*), coalesce(sum(size), 0) FROM gone
            """;

    @Override
    public Work look(Connection connection, Instant now) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql(COUNT, now))) {
            return work(statement);
        }
    }

    @Override
    public Work work(Connection connection, Instant now) throws SQLException {
        Work all = Work.NONE;
        try (PreparedStatement statement = connection.prepareStatement(sql(DELETE, now))) {
            statement.setInt(1, batch);
            Work more = work(statement);
            while (!more.isNone()) {
                all = all.and(more);
                if (more.rows() < batch) {
                    break;
                }
                pause.take();
                more = work(statement);
            }
        }
        return all;
    }

    private String sql(String statement, Instant now) {
        String before = "'" + now.minus(keep) + "'::timestamptz";
        return statement.formatted(table, key, old.replace(":before", before));
    }

    private static Work work(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            return Work.rows(row.getLong(1), row.getLong(2));
        }
    }
}
