package io.sonde.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sonde.app.node.ReadSide;
import io.sonde.app.storage.DatabaseAddress;
import io.sonde.bench.Ledger;
import io.sonde.bench.LedgerLoad;
import io.sonde.testkit.PostgresServer;
import io.sonde.testkit.SondeClient;
import io.sonde.views.Difference;
import io.sonde.views.Verified;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Load before, during and after a fault, and what it proves in the end: a row of {@code docs/reliability.md}. */
final class Proof implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Proof.class);
    static final LedgerLoad.Shape MODEST = new LedgerLoad.Shape(4, 25, 4, 10, 50);
    /** As many sources, which fall silent after a minute while others begin. */
    static final LedgerLoad.Shape FLEETING = new LedgerLoad.Shape(4, 25, 4, 10, 50, 0, true);
    /** At rest after its last event a window is handed over again, projected, and then nothing comes any more. */
    private static final Duration REST = Duration.ofSeconds(8);

    private static final Duration SETTLED_WITHIN = Duration.ofMinutes(3);

    private final PostgresServer.Database database;
    private final Ledger ledger;
    private final LedgerLoad load;
    private final String seeded;
    private final SondeClient sonde;
    private final List<URI> nodes;
    private double recoverySeconds;

    private Proof(PostgresServer.Database database, List<URI> nodes, LedgerLoad.Shape shape, String prefix) {
        this.database = database;
        this.nodes = nodes;
        String token = AdminToken.of(database);
        sonde = new SondeClient(database.dataSource(), token);
        long seed = Extent.seed();
        seeded = "with -Dsonde.seed=" + seed;
        LOG.info("load on {} {}", nodes, seeded);
        ledger = new Ledger(prefix);
        load = LedgerLoad.start(nodes, token, ledger, prefix, shape, seed);
    }

    /** @param database reached when the check is made, not through what is made to fail */
    static Proof start(PostgresServer.Database database, List<URI> nodes) {
        return start(database, nodes, MODEST, "load-");
    }

    /** @param prefix of the names of its clients, when there is more than one load */
    static Proof start(PostgresServer.Database database, List<URI> nodes, LedgerLoad.Shape shape, String prefix) {
        return new Proof(database, nodes, shape, prefix);
    }

    LedgerLoad load() {
        return load;
    }

    /** Until so many more requests were answered 202. */
    void awaitTaken(int more) {
        long before = load.taken();
        await("load, now " + load.answers())
                .atMost(SETTLED_WITHIN)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> load.taken() >= before + more);
    }

    /**
     * From now, the end of the fault, until everything that was acknowledged up to now is in its window in the read side
     * and something new was acknowledged. The longest of a run counts.
     */
    double awaitRecovered() {
        long start = System.nanoTime();
        Ledger.Taken taken = ledger.taken();
        long before = load.taken();
        await("everything acknowledged until the fault is stored and more is taken")
                .atMost(SETTLED_WITHIN)
                .pollInterval(Duration.ofMillis(250))
                .ignoreExceptions()
                .until(() -> load.taken() > before && ledger.missing(taken, database.dataSource()) == 0);
        double seconds = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) / 1e3;
        recoverySeconds = Math.max(recoverySeconds, seconds);
        return seconds;
    }

    /** Sends everything that was sent once more, each time in another order, to any node. */
    void sendAllAgain(int times) throws Exception {
        load.finish();
        for (int i = 0; i < times; i++) {
            load.sendAllAgain();
        }
    }

    /** Ends the load, waits until all is at rest, and compares; then writes the row. */
    Ledger.Result finish(String fault) throws Exception {
        return finish(fault, List.of());
    }

    /** @param found what {@code sonde verify} finds to say, a part of each line */
    Ledger.Result finish(String fault, List<String> found) throws Exception {
        load.finish();
        await("every acknowledged event in its window, " + seeded)
                .atMost(SETTLED_WITHIN)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> assertRight(ledger.check(database.dataSource())));
        await("and nothing comes after that, " + seeded)
                .during(REST)
                .atMost(REST.plusSeconds(20))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertRight(ledger.check(database.dataSource())));
        Ledger.Result result = ledger.check(database.dataSource());
        assertVerified(found);
        assertThat(result.ok()).as("events taken, answers " + load.answers()).isPositive();
        new FaultRow(
                        fault,
                        result.sent(),
                        result.lost(),
                        result.doubled(),
                        result.unknown(),
                        result.unknownCounted(),
                        recoverySeconds)
                .write();
        LOG.info("{}: {} answers {}, {}", fault, result, load.answers(), seeded);
        return result;
    }

    /** Of a run in which no node was started again: the counts of all nodes together add up, and nothing is a dead letter. */
    void assertConserved() {
        assertConserved(0, 0);
    }

    /**
     * @param deadLettered events among the dead letters
     * @param pastTheEdge of those, how many were put on the bus past the edge
     */
    void assertConserved(long deadLettered, long pastTheEdge) {
        await("received = accepted + duplicate + late + refused + unavailable + dead-lettered, " + seeded)
                .atMost(REST)
                .untilAsserted(() -> {
                    Conservation counts = Conservation.of(sonde, nodes, "qoe");
                    assertThat(counts.holds(pastTheEdge)).as(counts.toString()).isTrue();
                    assertThat(counts.deadLettered()).as(counts.toString()).isEqualTo(deadLettered);
                });
    }

    /** As {@code sonde verify} does it: the read side is what the journal says. */
    private void assertVerified(List<String> found) {
        Config config = ConfigFactory.load(ConfigFactory.parseMap(
                        Map.of("sonde.database.url", database.url(), "sonde.database.user", database.user()))
                .withFallback(ConfigFactory.parseResources("node.conf")));
        Verified verified = ReadSide.verify(
                config,
                new DatabaseAddress(database.url(), database.user(), ""),
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(30),
                5);
        assertThat(verified.first())
                .as("sonde verify, " + seeded)
                .extracting(Difference::detail)
                .zipSatisfy(found, (detail, part) -> assertThat(detail).contains(part));
        assertThat(verified.behind()).as("sonde verify, " + seeded).isFalse();
    }

    private void assertRight(Ledger.Result result) {
        assertThat(result.differences()).as("%s: %s", seeded, result).isEmpty();
        assertThat(result.right()).as("%s: %s", seeded, result).isTrue();
    }

    @Override
    public void close() {
        load.close();
    }
}
