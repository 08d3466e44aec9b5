package io.sonde.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import io.sonde.target.TargetPorts;
import io.sonde.target.TargetServer;
import io.sonde.testkit.Jvm;
import io.sonde.testkit.NatsServer;
import io.sonde.testkit.OtlpReceiver;
import io.sonde.testkit.OtlpReceiver.Span;
import io.sonde.testkit.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Real probes, real nodes with either bus, and a collector that finds out what became of a measurement. */
class TraceIT {
    /** Until the minute is over, its windows are closed, and the projection has them. */
    private static final Duration A_MINUTE_AND_SOME = Duration.ofSeconds(110);
    /** One trace as the collector has it, for people. */
    private static final Path DRAWN = Path.of("target", "one-trace.txt");

    private static final List<String> DIRECT = List.of(
            "measure",
            "tcp",
            "tls",
            "http",
            "send events",
            "POST /api/v1/events",
            "windows record",
            "journal samples",
            "windows close",
            "windows diagnose",
            "journal windows",
            "windows project");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder = Path.of("set by JUnit");

    @Test
    void p15OneTraceJoinsProbeEdgeBusEntityAndDatabase() throws Exception {
        List<String> jetStream = new ArrayList<>(DIRECT);
        jetStream.addAll(List.of("bus publish", "bus consume"));
        PostgresServer.Database first = PostgresServer.shared().newDatabase();
        PostgresServer.Database second = PostgresServer.shared().newDatabase();
        try (NatsServer nats = NatsServer.start();
                OtlpReceiver collector = OtlpReceiver.start();
                TargetServer target = TargetServer.start(TargetPorts.ANY_FREE, folder.resolve("target"));
                Node direct = Node.start(config(first, collector, Map.of("sonde.bus", "direct")));
                Node bussed = Node.start(
                        config(second, collector, Map.of("sonde.bus", "jetstream", "sonde.nats.url", nats.url())));
                ProcessHolder one = probe("probe-direct", direct, TestNode.adminToken(first), target, collector);
                ProcessHolder other = probe("probe-bussed", bussed, TestNode.adminToken(second), target, collector)) {
            assertThat(Thread.getAllStackTraces().keySet())
                    .as("one exporter of spans a node")
                    .filteredOn(thread -> thread.getName().startsWith("BatchSpanProcessor"))
                    .hasSize(2);
            await().atMost(A_MINUTE_AND_SOME)
                    .pollInterval(Duration.ofMillis(500))
                    .untilAsserted(() -> {
                        assertThat(complete(collector, "probe-direct", DIRECT))
                                .as(one.log())
                                .isNotEmpty();
                        assertThat(complete(collector, "probe-bussed", jetStream))
                                .as(other.log())
                                .isNotEmpty();
                    });

            List<Span> trace = complete(collector, "probe-bussed", jetStream).get(0);
            assertConnected(complete(collector, "probe-direct", DIRECT).get(0));
            assertConnected(trace);
            assertThat(trace).extracting(Span::service).contains("sonde", "sonde-probe");
            await("windows as gauges").untilAsserted(() -> assertThat(collector.points())
                    .extracting(OtlpReceiver.Point::name, point -> point.attributes()
                            .get("client_id"))
                    .contains(
                            tuple("http.client.request.duration", "probe-direct"),
                            tuple("sonde.window.events", "probe-bussed")));
            Files.writeString(DRAWN, drawn(trace, "", 0));
        }
    }

    /** Each span's parent is in the trace but for one, and nothing ends before it begins. */
    private static void assertConnected(List<Span> trace) {
        Set<String> ids = trace.stream().map(Span::spanId).collect(Collectors.toSet());

        assertThat(ids).hasSameSizeAs(trace);
        assertThat(trace)
                .filteredOn(span -> span.parentId().isEmpty())
                .singleElement()
                .satisfies(root -> assertThat(root.name()).isEqualTo("measure"));
        assertThat(trace).filteredOn(span -> !span.parentId().isEmpty()).allSatisfy(span -> assertThat(ids)
                .contains(span.parentId()));
        assertThat(trace).allSatisfy(span -> {
            assertThat(span.endNanos()).isGreaterThanOrEqualTo(span.startNanos());
            assertThat(span.failed()).isFalse();
        });
    }

    private static List<List<Span>> complete(OtlpReceiver collector, String client, List<String> names) {
        return collector.traces().values().stream()
                .filter(trace -> trace.stream()
                        .anyMatch(span -> client.equals(span.attributes().get("sonde.client_id"))))
                .filter(trace -> new HashSet<>(names)
                        .equals(trace.stream().map(Span::name).collect(Collectors.toSet())))
                .toList();
    }

    private static String drawn(List<Span> trace, String parent, int depth) {
        long began = trace.stream().mapToLong(Span::startNanos).min().orElse(0);
        StringBuilder lines = new StringBuilder();
        trace.stream()
                .filter(span -> span.parentId().equals(parent))
                .sorted((a, b) -> Long.compare(a.startNanos(), b.startNanos()))
                .forEach(span -> lines.append("%-46s %12.1f ms %10.1f ms  %s%n"
                                .formatted(
                                        "  ".repeat(depth) + span.name(),
                                        (span.startNanos() - began) / 1e6,
                                        (span.endNanos() - span.startNanos()) / 1e6,
                                        span.service()))
                        .append(drawn(trace, span.spanId(), depth + 1)));
        return lines.toString();
    }

    private static Config config(
            PostgresServer.Database database, OtlpReceiver collector, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("sonde.tracing.endpoint", collector.url());
        all.put("sonde.otlp-windows.endpoint", collector.url());
        return TestNode.config(database, all);
    }

    private record ProcessHolder(Process process, Path file) implements AutoCloseable {
        String log() throws IOException {
            return Files.readString(file);
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    private ProcessHolder probe(String client, Node node, String token, TargetServer target, OtlpReceiver collector)
            throws IOException {
        Path log = folder.resolve(client + ".log");
        ProcessBuilder builder = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        Jvm.compiler(),
                        "-Xmx128m",
                        "-Dlogback.configurationFile=logback.xml",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        "io.sonde.probe.ProbeMain",
                        "run",
                        "--ingest-url",
                        "http://127.0.0.1:" + node.httpPort(),
                        "--token",
                        token,
                        "--home",
                        folder.resolve(client).toString(),
                        "--client-id",
                        client,
                        "--ca",
                        target.authority().toString(),
                        "--target",
                        "https://127.0.0.1:" + target.tlsPort() + "/health")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment()
                .putAll(Map.of(
                        "SONDE_PROBE_REHEARSAL",
                        "0s",
                        "SONDE_PROBE_TRACING_ENDPOINT",
                        collector.url(),
                        "SONDE_PROBE_TRACING_RATIO",
                        "1"));
        return new ProcessHolder(builder.start(), log);
    }
}
