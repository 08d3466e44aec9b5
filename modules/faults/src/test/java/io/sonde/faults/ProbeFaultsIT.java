package io.sonde.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sonde.testkit.PostgresServer;
import io.sonde.testkit.SondeClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A real probe whose node is away: what it held and what it made is accepted, late or counted as dropped. */
class ProbeFaultsIT {
    private static final Duration EDGE_AWAY = Extent.seconds(20, 600);
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
    void whatAProbeMeasuresWhileTheEdgeIsAwayIsSentWhenItIsBack() throws Exception {
        try (Nodes nodes = Nodes.onDirectBus(folder, database, 1);
                ProbeProcess probe = ProbeProcess.start(
                        folder, nodes.urls().get(0), token, TARGETS, Map.of("SONDE_PROBE_INTERVAL", "1s"))) {
            await("measured").atMost(Duration.ofSeconds(90)).until(() -> counted() > 0);
            nodes.get(0).kill();
            TimeUnit.MILLISECONDS.sleep(EDGE_AWAY.toMillis());
            nodes.restart(0);
            double seconds = awaitDrained(probe);

            prove("06b edge away for " + EDGE_AWAY.toSeconds() + " s, a probe measures on", probe, seconds);
            assertThat(probe.count("late") > 0)
                    .as("the events of an outage of over two minutes come late, and only those")
                    .isEqualTo(EDGE_AWAY.toMinutes() > 3);
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
