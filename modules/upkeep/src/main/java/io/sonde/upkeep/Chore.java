package io.sonde.upkeep;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;

/**
 * One thing that upkeep sees to, in short transactions of its own: it may be killed after any of them, and the next run goes
 * on from there.
 */
interface Chore {
    /** Its name, the same for ever: results are stored by it. */
    String what();

    /** What {@link #work} would do now; changes nothing. */
    Work look(Connection connection, Instant now) throws SQLException;

    /** @param connection in autocommit, and left so */
    Work work(Connection connection, Instant now) throws SQLException;
}
