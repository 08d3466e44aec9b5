package io.sonde.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sonde.core.Failpoint;
import io.sonde.testkit.FaultProxy;
import io.sonde.testkit.PostgresServer;
import io.sonde.testkit.SondeClient;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A real probe whose node is away: what it held and what it made is accepted, late or counted as dropped. */
class ProbeFaultsIT {
    /** What the promise of no measurement lost reaches to: two minutes less 15 s, the longest between two attempts, and some. */
    private static final Duration IN_TIME = Duration.ofSeconds(90);

    private static final int TARGETS = 20;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder = Path.of("set by JUnit");

    private final PostgresServer.Database database = PostgresServer.shared().newDatabase();
    private final String token = AdminToken.of(database);
    private final SondeClient sonde = new SondeClient(database.dataSource(), token);

    @Test
    void aProbeKilledWithAFullQueueBringsAllThatItHeld() throws Exception {
        try (Nodes nodes = Nodes.onDirectBus(folder, database, 1)) {
            nodes.get(0).kill();
            try (ProbeProcess probe = ProbeProcess.start(
                    folder,
                    nodes.urls().get(0),
                    token,
                    TARGETS,
                    Map.of(
                            "SONDE_PROBE_INTERVAL", "100ms",
                            "SONDE_PROBE_UPLOAD_LINGER", "100ms",
                            "SONDE_PROBE_UPLOAD_QUEUE_SIZE", "512 KiB"))) {
                await("the oldest events have gone")
                        .atMost(Duration.ofSeconds(90))
                        .until(() -> !probe.queue().isEmpty()
                                && !probe.queue().get(0).startsWith("0000000000000000."));
                probe.kill();
                nodes.restart(0);
                probe.restart();
                double seconds = awaitDrained(probe);

                prove("06a probe killed with a full queue while its node is away", probe, seconds);
                assertThat(probe.heldAtStart()).isGreaterThan(500);
                assertThat(probe.count("late")).isZero();
            }
        }
    }

    @Test
    void p4AProbeThatDiesBetweenAnAnswerAndItsMarkSendsAgainAndIsCountedOnce() throws Exception {
        Map<String, String> dying = Map.of(
                "SONDE_PROBE_INTERVAL",
                "1s",
                "JAVA_TOOL_OPTIONS",
                "-Dsonde.failpoint=" + Failpoint.AFTER_SEND.code() + ":3");
        try (Nodes nodes = Nodes.onDirectBus(folder, database, 1);
                ProbeProcess probe = ProbeProcess.start(folder, nodes.urls().get(0), token, TARGETS, dying)) {
            await("the probe dies at its failpoint")
                    .atMost(Duration.ofSeconds(90))
                    .until(() -> probe.ended().isPresent());
            assertThat(probe.ended()).hasValue(Failpoint.EXIT_CODE);
            probe.restart(Map.of("JAVA_TOOL_OPTIONS", ""));
            awaitDrained(probe);
            probe.stop();

            assertThat(probe.count("duplicate")).as(probe.log()).isPositive();
            JsonNode balance = new ObjectMapper()
                    .readTree(sonde.get(nodes.urls().get(0).toString(), "/api/v1/counters")
                            .body())
                    .path("conservation")
                    .path(0);
            assertThat(balance.path("duplicate").asLong()).isEqualTo(probe.count("duplicate"));
            await("every accepted event in its window")
                    .atMost(Duration.ofSeconds(90))
                    .untilAsserted(() -> assertThat(counted())
                            .isEqualTo(balance.path("accepted").asLong()));
        }
    }

    static List<Duration> edgeAway() {
        return Extent.FULL ? List.of(IN_TIME, Duration.ofMinutes(10)) : List.of(Duration.ofSeconds(20));
    }

    /** The node is killed and started again behind a line that is cut: an outage as long as is said, however long a start takes. */
    @ParameterizedTest
    @MethodSource("edgeAway")
    void whatAProbeMeasuresWhileTheEdgeIsAwayIsSentWhenItIsBack(Duration away) throws Exception {
        try (Nodes nodes = Nodes.onDirectBus(folder, database, 1);
                FaultProxy line = FaultProxy.to(nodes.urls().get(0).getPort());
                ProbeProcess probe = ProbeProcess.start(
                        folder,
                        URI.create("http://127.0.0.1:" + line.port()),
                        token,
                        TARGETS,
                        Map.of("SONDE_PROBE_INTERVAL", "1s"))) {
            await("measured").atMost(Duration.ofSeconds(90)).until(() -> counted() > 0);
            long back = System.nanoTime() + away.toNanos();
            line.cut();
            nodes.get(0).kill();
            nodes.restart(0);
            TimeUnit.NANOSECONDS.sleep(back - System.nanoTime());
            line.resume();
            double seconds = awaitDrained(probe);

            prove("06b edge away for " + away.toSeconds() + " s, a probe measures on", probe, seconds);
            assertThat(probe.count("late") > 0)
                    .as("the events of an outage of over two minutes come late, and only those: " + probe.log())
                    .isEqualTo(away.compareTo(IN_TIME) > 0);
        }
    }

    /** Until the probe, which goes on measuring, has next to nothing waiting; seconds. */
    private double awaitDrained(ProbeProcess probe) throws Exception {
        long start = System.nanoTime();
        await("the queue drained:\n" + probe.log())
                .atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> counted() > 0
                        && sonde.totals().keySet().stream().anyMatch(window -> windowEnd(window) > startedMs(start)));
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) / 1e3;
    }

    private static long startedMs(long startNanos) {
        return System.currentTimeMillis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    }

    private static long windowEnd(String window) {
        return Long.parseLong(window.substring(window.lastIndexOf(' ') + 1)) + 60_000;
    }

    private void prove(String fault, ProbeProcess probe, double seconds) throws Exception {
        probe.stop();
        long made = probe.heldAtStart() + probe.count("succeeded") + probe.count("failed");
        long accepted = probe.count("accepted") + probe.count("duplicate");
        long lost = made - accepted - probe.count("late") - probe.count("refused") - probe.count("waiting");

        await("every accepted event in its window")
                .atMost(Duration.ofSeconds(90))
                .untilAsserted(() -> assertThat(counted()).as(probe.log()).isEqualTo(accepted));
        new FaultRow(fault + " (" + probe.count("late") + " late)", made, lost, counted() - accepted, 0, 0, seconds)
                .write();
        assertThat(lost).as(probe.log()).isZero();
    }

    private long counted() throws Exception {
        return sonde.rows().values().stream()
                .mapToLong(row -> ((Number) row.getOrDefault("count_total", 0L)).longValue())
                .sum();
    }
}
