package io.sonde.app.node;

import io.sonde.app.node.HealthCheck.Finding;
import io.sonde.app.problem.Problem;
import io.sonde.app.storage.DatabaseAddress;
import io.sonde.app.storage.Migrations;
import io.sonde.bus.Bus;
import io.sonde.views.WindowProjection;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a node needs to do its work, as {@code /readyz} shows it. */
final class NodeChecks {
    private static final Logger LOG = LoggerFactory.getLogger(NodeChecks.class);
    /** What costs nothing is asked each time. */
    private static final Duration AT_ONCE = Duration.ZERO;

    private static final Duration BRIEFLY = Duration.ofSeconds(1);
    private static final Duration SCHEMA_HOLDS = Duration.ofSeconds(30);
    /** Usually it is a second or two; longer than a restart of the projections takes. */
    private static final Duration MOST_BEHIND = Duration.ofSeconds(60);

    private static final Executor HERE = Runnable::run;

    private NodeChecks() {}

    /**
     * @param busHoldsWithoutDatabase true when events can be taken while the database is away
     * @param blocking where JDBC may block
     */
    static List<HealthCheck> of(
            Bus bus,
            Membership membership,
            ClockWatch clocks,
            boolean busHoldsWithoutDatabase,
            DataSource database,
            NodeSettings.Database address,
            Executor blocking,
            Clock clock) {
        boolean needsDatabase = !busHoldsWithoutDatabase;
        JournalHealthStore journal = new JournalHealthStore(database);
        Migrations schema = new Migrations(new DatabaseAddress(address.url(), address.user(), address.password()));
        return List.of(
                new HealthCheck("cluster", true, AT_ONCE, () -> cluster(membership), HERE, clock),
                new HealthCheck("clock", true, AT_ONCE, () -> clock(clocks), HERE, clock),
                new HealthCheck("bus", true, AT_ONCE, () -> bus(bus), HERE, clock),
                new HealthCheck("journal", needsDatabase, BRIEFLY, journal::find, blocking, clock),
                new HealthCheck("schema", needsDatabase, SCHEMA_HOLDS, () -> schema(schema), blocking, clock),
                new HealthCheck("projections", false, BRIEFLY, () -> projections(database, clock), blocking, clock));
    }

    private static Finding cluster(Membership membership) {
        return new Finding(membership.isUp(), "this node is " + membership.status());
    }

    private static Finding clock(ClockWatch clocks) {
        return new Finding(clocks.isRight(), clocks.ahead().toMillis() + " ms ahead of the database's");
    }

    private static Finding bus(Bus bus) {
        boolean ready = bus.isReady();
        return new Finding(ready, ready ? "" : "it takes no batches");
    }

    /** A newer one is that of an upgrade under way: nodes of the former version go on until they are replaced. */
    static Finding schema(Migrations schema) {
        Migrations.Standing standing;
        try {
            standing = schema.standing();
        } catch (Problem e) {
            // Anybody may ask, and it names the database and who enters it.
            LOG.debug("the schema was not looked at", e);
            return new Finding(false, "the database does not answer");
        }
        return standing.newer()
                .map(version -> new Finding(
                        true, "version " + version + " is newer than this program: an upgrade is under way"))
                .orElseGet(() -> standing.missing() == 0
                        ? new Finding(true, "")
                        : new Finding(false, standing.missing() + " migrations are missing: run sonde migrate"));
    }

    private static Finding projections(DataSource database, Clock clock) throws Exception {
        try (Connection connection = database.getConnection()) {
            Optional<String> waitsFor = WindowProjection.heldUpBy(connection);
            if (waitsFor.isPresent()) {
                return new Finding(false, "they wait for the open transaction of " + waitsFor.get());
            }
            Duration behind = WindowProjection.behind(connection, clock.millis());
            return new Finding(behind.compareTo(MOST_BEHIND) <= 0, behind.toMillis() + " ms behind the journal");
        }
    }
}
