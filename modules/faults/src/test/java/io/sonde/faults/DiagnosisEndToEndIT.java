package io.sonde.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.sonde.core.Minute;
import io.sonde.faults.SlowedSeries.Fault;
import io.sonde.testkit.PostgresServer;
import io.sonde.testkit.SondeClient;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Four real probes, for each of which something else becomes slow, and a node that says which it is. */
class DiagnosisEndToEndIT {
    /** What each window was said to be, for people. */
    private static final Path STORIES = Path.of("target", "diagnosis-end-to-end.txt");
    /** The first is cut short, and five are needed to compare with. */
    private static final int HEALTHY = 6;
    /** Windows, from the one in which it began. */
    private static final long TOLD_WITHIN_MS = 4 * Minute.LENGTH_MS;
    /** Of a window: grace, projection and what a busy machine needs for both. */
    private static final Duration CLOSING = Duration.ofSeconds(45);

    /** Five healthy windows end it; the one in which it ended is not yet healthy. */
    private static final Duration CLEARED_WITHIN = Duration.ofMinutes(8);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder = Path.of("set by JUnit");

    private final PostgresServer.Database database = PostgresServer.shared().newDatabase();
    private final String token = AdminToken.of(database);
    private final SondeClient sonde = new SondeClient(database.dataSource(), token);

    @Test
    void whatIsSlowIsNamedWithinFourWindowsForEachOfTheFourLabels() throws Exception {
        try (Nodes nodes = Nodes.onDirectBus(folder, database, 1);
                SlowedSeries dns = series(nodes, Fault.DNS);
                SlowedSeries tls = series(nodes, Fault.TLS);
                SlowedSeries server = series(nodes, Fault.SERVER);
                SlowedSeries body = series(nodes, Fault.BODY)) {
            List<SlowedSeries> all = List.of(dns, tls, server, body);
            try {
                prove(all);
            } finally {
                List<String> stories = new ArrayList<>();
                for (SlowedSeries one : all) {
                    stories.add(one.story());
                }
                Files.write(STORIES, stories);
            }
        }
    }

    private SlowedSeries series(Nodes nodes, Fault fault) throws Exception {
        URI node = nodes.urls().get(0);
        return SlowedSeries.start(folder, node, token, sonde, fault);
    }

    private static void prove(List<SlowedSeries> all) throws Exception {
        until("there is what is usual", Duration.ofMinutes(HEALTHY + 3), all, DiagnosisEndToEndIT::assertKnown);

        long begunMs = Minute.startOf(System.currentTimeMillis());
        for (SlowedSeries one : all) {
            one.slow();
        }
        until(
                "each has its label",
                Duration.ofMillis(TOLD_WITHIN_MS).plus(CLOSING),
                all,
                one -> assertLabelled(one, begunMs));

        until(
                "each has its incident",
                Duration.ofMillis(TOLD_WITHIN_MS).plus(CLOSING),
                all,
                one -> assertOneIncident(one, "open", begunMs));

        for (SlowedSeries one : all) {
            one.recover();
        }
        until("each incident is over", CLEARED_WITHIN, all, one -> assertOneIncident(one, "cleared", begunMs));
    }

    private static void assertKnown(SlowedSeries series) throws Exception {
        assertThat(series.windows()).as(series.probeLog()).hasSizeGreaterThanOrEqualTo(HEALTHY);
    }

    private static void assertLabelled(SlowedSeries series, long begunMs) throws Exception {
        Fault fault = series.fault();

        assertThat(series.windows()).as(series.story()).anySatisfy(window -> {
            assertThat(window.path("diagnosis_label").asText()).isEqualTo(fault.label());
            assertThat(time(window, "window_start_ts")).isBetween(begunMs, begunMs + TOLD_WITHIN_MS - 1);
            assertThat(window.path("verdicts")).anySatisfy(verdict -> assertShown(verdict, fault));
        });
    }

    private static void assertOneIncident(SlowedSeries series, String state, long begunMs) throws Exception {
        assertThat(series.incidents()).as(series.story()).singleElement().satisfies(incident -> {
            assertThat(incident.path("label").asText()).isEqualTo(series.fault().label());
            assertThat(incident.path("state").asText()).isEqualTo(state);
            assertThat(time(incident, "onset_ts")).isBetween(begunMs, begunMs + Minute.LENGTH_MS);
        });
    }

    private static void assertShown(JsonNode verdict, Fault fault) {
        assertThat(verdict.path("label").asText()).isEqualTo(fault.label());
        assertThat(verdict.path("evidence")).anySatisfy(evidence -> {
            assertThat(evidence.path("of").asText()).isEqualTo(fault.quantity());
            double usual = evidence.path("baseline").path("mean").asDouble();
            double observed = evidence.path("observed").asDouble();
            assertThat(Math.max(observed, usual) / Math.min(observed, usual)).isGreaterThan(5);
        });
    }

    private static long time(JsonNode of, String name) {
        return Instant.parse(of.path(name).asText()).toEpochMilli();
    }

    private interface Holds {
        void of(SlowedSeries series) throws Exception;
    }

    private static void until(String what, Duration limit, List<SlowedSeries> all, Holds holds) {
        ThrowingRunnable ofAll = () -> {
            for (SlowedSeries one : all) {
                holds.of(one);
            }
        };
        await(what).atMost(limit).pollInterval(Duration.ofSeconds(2)).untilAsserted(ofAll);
    }
}
