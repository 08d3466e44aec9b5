package io.sonde.app.storage;

import io.sonde.app.problem.ExitCode;
import io.sonde.app.problem.Problem;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;

/** The schema of a database against the migrations of this program ({@code db/migration}). */
public final class Migrations {
    private static final int OLDEST_SERVER = 13;

    private final DatabaseAddress database;
    private final Flyway looking;
    private final Flyway migrating;

    public Migrations(DatabaseAddress database) {
        this(database, database.dataSource());
    }

    /** @param looked where it is looked what was run, with time-outs; a migration itself may take long */
    Migrations(DatabaseAddress database, DataSource looked) {
        this.database = database;
        this.looking = on(looked);
        this.migrating = on(database.patientDataSource());
    }

    private static Flyway on(DataSource dataSource) {
        return Flyway.configure().dataSource(dataSource).connectRetries(0).load();
    }

    /** Brings the schema up to date; returns the number of migrations run. */
    public int migrate() {
        refuseNewer();
        requireServer();
        try {
            return migrating.migrate().migrationsExecuted;
        } catch (FlywayException e) {
            throw new Problem(ExitCode.SCHEMA, "the migration of " + database + " failed: " + oneLine(e), e);
        }
    }

    /**
     * @param missing how many migrations were not run yet
     * @param newer the version of one that this program does not know
     */
    public record Standing(int missing, Optional<String> newer) {}

    public Standing standing() {
        MigrationInfoService info = info();
        return new Standing(info.pending().length, newer(info).map(applied -> applied.getVersion()
                .toString()));
    }

    /** Refuses a schema that is not exactly this program's. */
    public void requireCurrent() {
        refuseNewer();
        int missing = info().pending().length;
        if (missing > 0) {
            throw new Problem(
                    ExitCode.SCHEMA,
                    "the schema of " + database + " is older than this sonde (" + missing
                            + (missing == 1 ? " migration is" : " migrations are")
                            + " missing); run: sonde migrate --config FILE");
        }
    }

    /** Transactions have numbers that are never used again (xid8) from 13 on: the journal is read in their order. */
    private void requireServer() {
        try (Connection connection = database.dataSource().getConnection()) {
            int version = connection.getMetaData().getDatabaseMajorVersion();
            if (version < OLDEST_SERVER) {
                throw new Problem(
                        ExitCode.SCHEMA,
                        database + " is PostgreSQL " + version + "; sonde needs PostgreSQL " + OLDEST_SERVER
                                + " or newer");
            }
        } catch (SQLException e) {
            throw new Problem(ExitCode.UNREACHABLE, "the database " + database + " does not answer: " + oneLine(e), e);
        }
    }

    private void refuseNewer() {
        newer(info()).ifPresent(applied -> {
            throw new Problem(
                    ExitCode.SCHEMA,
                    "the schema of " + database + " is newer than this sonde (it has version " + applied.getVersion()
                            + "); use the newer sonde, whose sonde migrate made it");
        });
    }

    private static Optional<MigrationInfo> newer(MigrationInfoService info) {
        return Arrays.stream(info.applied())
                .filter(applied ->
                        applied.getState().isApplied() && !applied.getState().isResolved())
                .findFirst();
    }

    private MigrationInfoService info() {
        try {
            return looking.info();
        } catch (FlywayException e) {
            throw new Problem(
                    ExitCode.UNREACHABLE,
                    "the database " + database + " does not answer: " + rootMessage(e)
                            + "; check sonde.database in the configuration",
                    e);
        }
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            root = cause;
        }
        return oneLine(root);
    }

    private static String oneLine(Throwable failure) {
        return String.valueOf(failure.getMessage()).strip().replaceAll("\\s+", " ");
    }
}
