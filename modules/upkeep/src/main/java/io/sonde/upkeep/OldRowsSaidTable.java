package io.sonde.upkeep;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;

/**
 * Deletes old rows, and says from when on there are all.
 *
 * @param of what it says it of, in {@code kept_from}
 */
record OldRowsSaidTable(OldRowsTable rows, String of) implements Chore {
    @Override
    public String what() {
        return rows.what();
    }

    @Override
    public Work look(Connection connection, Instant now) throws SQLException {
        return rows.look(connection, now);
    }

    /** Said before: one that ends in between keeps more than it says. */
    @Override
    public Work work(Connection connection, Instant now) throws SQLException {
        if (!look(connection, now).isNone()) {
            KeptFromTable.advance(connection, of, now.minus(rows.keep()));
        }
        return rows.work(connection, now);
    }
}
