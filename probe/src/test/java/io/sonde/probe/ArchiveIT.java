package io.sonde.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.sonde.target.TargetPorts;
import io.sonde.target.TargetServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The archive as people get it, copied to a folder with a space in its name, against a node that takes everything. */
@Timeout(180)
class ArchiveIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path BUILT = Path.of("..", "target", "sonde-probe");
    private static final int TARGETS = 20;
    private static final long RSS_LIMIT_KIB = 200 * 1024;

    @TempDir
    Path folder;

    private final BlockingQueue<JsonNode> requests = new LinkedBlockingQueue<>();
    private HttpServer node;
    private TargetServer target;
    private Path archive;

    @BeforeEach
    void start() throws IOException {
        archive = folder.resolve("a probe");
        copy(BUILT, archive);
        target = TargetServer.start(TargetPorts.ANY_FREE, folder.resolve("certificates"));
        node = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        node.createContext("/api/v1/events", exchange -> {
            requests.add(JSON.readTree(new GZIPInputStream(exchange.getRequestBody())));
            byte[] answer = "{\"accepted\":1}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(202, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        node.start();
    }

    @AfterEach
    void stop() {
        node.stop(0);
        target.close();
    }

    @Test
    void anAgentWithTwentyTargetsReportsAllStaysSmallAndStopsAtOnce() throws Exception {
        Process agent = run(twentyTargets()).start();
        try {
            Set<String> ids = new HashSet<>();
            Set<String> targets = new HashSet<>();
            while (ids.size() < 12 * TARGETS) {
                for (JsonNode event : next()) {
                    ids.add(event.get("event_id").asText());
                    targets.add(event.get("target").asText());
                    assertThat(event.get("error_stage").isNull())
                            .as("%s", event)
                            .isTrue();
                }
            }

            assertThat(targets).hasSize(TARGETS);
            long rss = memoryKib(agent.pid());
            System.out.println("RSS of an agent with " + TARGETS + " targets after " + ids.size() + " runs: "
                    + rss / 1024 + " MiB");
            assertThat(rss).isLessThan(RSS_LIMIT_KIB);

            agent.destroy();
            assertThat(agent.waitFor(5, TimeUnit.SECONDS)).as("stopped").isTrue();
            assertThat(agent.exitValue()).isEqualTo(143);
        } finally {
            agent.destroyForcibly();
        }
    }

    /** The pipe to its standard input ends with the process that holds it, however that ends. */
    @Test
    void anAgentThatBelongsToAProcessEndsWithIt() throws Exception {
        Process agent = run(List.of(
                        "--exit-with-parent", "--target", "http://127.0.0.1:" + target.httpPort() + "/health"))
                .start();
        try {
            next();

            agent.getOutputStream().close();

            assertThat(agent.waitFor(10, TimeUnit.SECONDS)).as("stopped").isTrue();
        } finally {
            agent.destroyForcibly();
        }
    }

    @Test
    void aMissingJavaIsOneClearLine() throws Exception {
        var builder = new ProcessBuilder(launcher(), "--version").redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", "/nonexistent");

        Process launched = builder.start();

        assertThat(launched.inputReader().readLine())
                .contains("JAVA_HOME is /nonexistent")
                .contains("install Java 17 or newer");
        assertThat(launched.waitFor()).isEqualTo(1);
    }

    @Test
    void aLinkToTheLauncherFindsTheArchive() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("sonde-probe"), Path.of("a probe", "bin", "sonde-probe"));

        Process launched = new ProcessBuilder(link.toString(), "--version").start();

        assertThat(launched.inputReader().readLine()).startsWith("sonde-probe 0.");
        assertThat(launched.waitFor()).isZero();
    }

    private List<String> twentyTargets() {
        List<String> flags = new ArrayList<>(
                List.of("--interval", "1s", "--ca", target.authority().toString(), "--throughput-interval", "5s"));
        for (int i = 0; i < TARGETS; i++) {
            String tls = "https://localhost:" + target.tlsPort() + "/health?n=" + i;
            String plain = "http://localhost:" + target.httpPort() + "/health?n=" + i + ",throughput=http://localhost:"
                    + target.httpPort() + "/fixed/1mb.bin";
            flags.addAll(List.of("--target", i % 2 == 0 ? tls : plain));
        }
        return flags;
    }

    private ProcessBuilder run(List<String> flags) throws IOException {
        Path token = Files.writeString(folder.resolve("token"), "sonde_ingest_test");
        List<String> command = new ArrayList<>(List.of(launcher(), "run", "--token-file", token.toString()));
        command.addAll(
                List.of("--ingest-url", "http://127.0.0.1:" + node.getAddress().getPort()));
        command.addAll(List.of("--home", folder.resolve("home").toString()));
        command.addAll(flags);
        var builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(Map.of("SONDE_PROBE_INTERFACE_TYPE", "ethernet"));
        return builder;
    }

    private String launcher() {
        return archive.resolve("bin").resolve("sonde-probe").toString();
    }

    private JsonNode next() throws InterruptedException {
        JsonNode request = requests.poll(30, TimeUnit.SECONDS);
        assertThat(request).as("a request with events").isNotNull();
        return request;
    }

    private static long memoryKib(long pid) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
            String line =
                    lines.filter(text -> text.startsWith("VmRSS:")).findFirst().orElseThrow();
            return Long.parseLong(line.replaceAll("\\D", ""));
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }
}
