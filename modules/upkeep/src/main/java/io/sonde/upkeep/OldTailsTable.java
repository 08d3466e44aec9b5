package io.sonde.upkeep;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/** Deletes the tails of old minutes, and says from when on there are all. */
record OldTailsTable(OldRowsTable rows) implements Chore {
    OldTailsTable(Duration keep, int batch, Pause pause) {
        this(new OldRowsTable("old-tails", "window_tail", "ctid", "o.window_start < :before", keep, batch, pause));
    }

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
            KeptFromTable.advance(connection, rows.table(), now.minus(rows.keep()));
        }
        return rows.work(connection, now);
    }
}
