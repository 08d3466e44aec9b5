package io.sonde.upkeep;

import io.sonde.upkeep.UpkeepRunTable.Done;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * Sees to it that each thing is kept as long as it shall be and no longer. One at a time on a database, whoever does it; what
 * fails does not keep the rest from being done.
 */
public final class Upkeep {
    private final DataSource dataSource;
    private final List<Chore> chores;
    private final String node;
    private final Clock clock;

    /** @param node who does it, for people */
    public Upkeep(DataSource dataSource, UpkeepSettings settings, String node, Clock clock) {
        this(dataSource, Chores.of(settings), node, clock);
    }

    Upkeep(DataSource dataSource, List<Chore> chores, String node, Clock clock) {
        this.dataSource = dataSource;
        this.chores = List.copyOf(chores);
        this.node = node;
        this.clock = clock;
    }

    /** What a run would do now; changes nothing. Blocks. */
    public UpkeepReport look() throws SQLException {
        Map<String, Work> work = new LinkedHashMap<>();
        Map<String, String> errors = new LinkedHashMap<>();
        try (Connection connection = dataSource.getConnection()) {
            connection.setReadOnly(true);
            for (Chore chore : chores) {
                try {
                    work.put(chore.what(), chore.look(connection, clock.instant()));
                } catch (SQLException | RuntimeException e) {
                    errors.put(chore.what(), message(e));
                }
            }
            connection.setReadOnly(false);
        }
        return new UpkeepReport(work, errors);
    }

    /** Does what is to be done; empty when somebody else is at it. Blocks until it is done. */
    public Optional<UpkeepReport> run() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            if (!UpkeepRunTable.tryLock(connection)) {
                return Optional.empty();
            }
            try {
                UpkeepRunTable.sayKilled(connection);
                return Optional.of(all(connection));
            } finally {
                if (connection.isValid(1)) {
                    UpkeepRunTable.unlock(connection);
                }
            }
        }
    }

    private UpkeepReport all(Connection connection) throws SQLException {
        Map<String, Work> work = new LinkedHashMap<>();
        Map<String, String> errors = new LinkedHashMap<>();
        for (Chore chore : chores) {
            Instant now = clock.instant();
            long run = UpkeepRunTable.begin(connection, chore.what(), node, now);
            Done done = one(connection, chore, now);
            UpkeepRunTable.end(connection, run, done);
            work.put(chore.what(), done.work());
            Optional.ofNullable(done.error()).ifPresent(error -> errors.put(chore.what(), error));
        }
        return new UpkeepReport(work, errors);
    }

    private static Done one(Connection connection, Chore chore, Instant now) {
        long begunNs = System.nanoTime();
        try {
            Work work = chore.work(connection, now);
            return new Done(work, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNs), null);
        } catch (SQLException | RuntimeException e) {
            return new Done(Work.NONE, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNs), message(e));
        }
    }

    private static String message(Exception failure) {
        String said = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        return failure instanceof SQLException sql ? said + " (" + sql.getSQLState() + ")" : failure + "";
    }
}
