package io.sonde.probe;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sonde.target.TargetPorts;
import io.sonde.target.TargetServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real probe processes that are killed, whose node is away or whose disk takes nothing. */
@Timeout(180)
class QueueIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path LAUNCHER = Path.of("..", "target", "sonde-probe", "bin", "sonde-probe");
    private static final String TOKEN = "sonde_ingest_queue";
    private static final int TARGETS = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final List<Process> probes = new ArrayList<>();
    private TargetServer target;
    private int port;

    @BeforeEach
    void start() throws IOException {
        target = TargetServer.start(TargetPorts.ANY_FREE, folder.resolve("certificates"));
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Process probe : probes) {
            probe.destroyForcibly().waitFor();
        }
        target.close();
    }

    /** R8.2, P18: the queue outlives its process, stays within its bytes and gives up the oldest first. */
    @Test
    void aProbeKilledWithAFullQueueSendsAllThatWasHeldInOrderWhenTheNodeIsThere() throws Exception {
        Process probe = probe("SONDE_PROBE_INTERVAL=100ms; ");
        await().atMost(PATIENCE).until(this::oldestFileIsGone);
        kill(probe);
        List<String> held = heldIds();
        assertThat(queueBytes()).isLessThanOrEqualTo(Spool.LEAST_BYTES);
        assertThat(held).hasSizeGreaterThan(500).doesNotHaveDuplicates();

        try (var node = NoteTakingNode.on(port)) {
            probe("");
            await().atMost(PATIENCE).until(() -> node.taken().size() > held.size());

            assertThat(node.taken().subList(0, held.size())).isEqualTo(held);
            assertThat(node.taken()).doesNotHaveDuplicates();
        }
        assertThat(log).anyMatch(line -> line.contains(held.size() + " events of an earlier run wait in"));
    }

    @Test
    void killsWhileEventsAreSentLoseNothingAndRepeatAtMostTheRequestUnderWay() throws Exception {
        Set<String> held = new HashSet<>();
        try (var node = NoteTakingNode.on(port)) {
            for (int kill = 0; kill < 3; kill++) {
                int before = node.taken().size();
                Process probe = probe("");
                await().atMost(PATIENCE).until(() -> node.taken().size() >= before + 3 * TARGETS);
                kill(probe);
                held.addAll(heldIds());
            }
            probe("");
            await().atMost(PATIENCE).until(() -> node.taken().containsAll(held));

            int distinct = new HashSet<>(node.taken()).size();
            assertThat(node.taken().size() - distinct).isLessThanOrEqualTo(3 * node.largest());
        }
    }

    /** A limit on the size of files is, for the probe, a disk that takes nothing any more. */
    @Test
    void whileTheDiskTakesNothingTheProbeGoesOnMeasuringAndSending() throws Exception {
        Files.createDirectories(folder.resolve("home"));
        Files.writeString(folder.resolve("home").resolve("client-id"), "full\n");
        try (var node = NoteTakingNode.on(port)) {
            Process probe = probe("ulimit -f 1; ");
            await().atMost(PATIENCE).until(() -> node.taken().size() >= 5 * TARGETS);

            assertThat(probe.isAlive()).isTrue();
            assertThat(queueBytes()).isLessThan(3 * 4_096);
            probe.toHandle().destroy(); // Process.destroy closes the output, and with it the last line
            assertThat(probe.waitFor(30, SECONDS)).isTrue();
        }
        assertThat(log)
                .filteredOn(line -> line.contains("the disk takes no events"))
                .hasSize(1);
        await().atMost(PATIENCE).until(() -> log.stream().anyMatch(line -> line.contains("write_failed=")));
        assertThat(log).noneMatch(line -> line.contains("\tat "));
    }

    @Test
    void aWrongTokenIsSaidOnceAndItsEventsAreSentWhenItIsMended() throws Exception {
        try (var node = NoteTakingNode.on(port)) {
            node.answerWith(401);
            probe("");
            await().atMost(PATIENCE).until(() -> heldIds().size() >= 5 * TARGETS);
            List<String> held = heldIds();

            node.answerWith(202);

            await().atMost(PATIENCE).until(() -> node.taken().containsAll(held));
        }
        assertThat(log)
                .filteredOn(line -> line.contains("(http_401)"))
                .singleElement(InstanceOfAssertFactories.STRING)
                .contains("check the token");
        assertThat(log).noneMatch(line -> line.contains(TOKEN));
    }

    @Test
    void aSecondProbeOnTheSameFolderEndsWithOneClearLine() throws Exception {
        probe("");
        await().atMost(PATIENCE).until(() -> !heldIds().isEmpty());

        Process second = probe("");

        assertThat(second.waitFor(20, SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(1);
        await().atMost(PATIENCE).until(() -> log.stream().anyMatch(line -> line.contains("another probe uses it")));
        assertThat(log).noneMatch(line -> line.contains("\tat "));
    }

    @Test
    void aNodeWithACertificateOfItsOwnAuthorityNeedsThatAuthoritysFile() throws Exception {
        Instant now = Instant.now();
        var authority = ThrowawayCertificate.authority("node", now.minusSeconds(60), now.plusSeconds(3_600));
        String pem = pem(authority).toString();
        String url = "https://localhost:" + port;
        try (var node = NoteTakingNode.on(port, authority.issue("localhost"))) {
            Process trustsTargetsOnly = probe("", "--ingest-url", url, "--ca", pem);
            await().atMost(PATIENCE).until(() -> log.stream().anyMatch(line -> line.contains("(tls)")));
            assertThat(node.taken()).isEmpty();
            kill(trustsTargetsOnly);

            probe("", "--ingest-url", url, "--ingest-ca", pem);

            await().atMost(PATIENCE).until(() -> node.taken().size() >= TARGETS);
        }
    }

    private Process probe(String before, String... more) throws IOException {
        List<String> flags = new ArrayList<>(List.of("run"));
        flags.addAll(List.of("--token", TOKEN, "--home", folder.resolve("home").toString()));
        for (int i = 0; i < TARGETS; i++) {
            flags.addAll(List.of("--target", "http://127.0.0.1:" + target.httpPort() + "/health?n=" + i));
        }
        flags.addAll(List.of(more));
        List<String> command = new ArrayList<>(List.of("sh", "-c", before + "exec \"$0\" \"$@\"", LAUNCHER.toString()));
        command.addAll(flags);
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of(
                        "SONDE_PROBE_UPLOAD_QUEUE_SIZE", "512 KiB",
                        "SONDE_PROBE_INGEST_URL", "http://127.0.0.1:" + port,
                        "SONDE_PROBE_INTERVAL", "500ms",
                        "SONDE_PROBE_UPLOAD_LINGER", "100ms",
                        "SONDE_PROBE_UPLOAD_BACKOFF_MAX", "1s",
                        "SONDE_PROBE_REHEARSAL", "0s",
                        "SONDE_PROBE_JAVA_OPTS", "-XX:-UsePerfData"));
        Process probe = builder.start();
        probes.add(probe);
        Thread reader = new Thread(() -> note(probe.inputReader()), "probe-log");
        reader.setDaemon(true);
        reader.start();
        return probe;
    }

    private void note(BufferedReader output) {
        try {
            output.lines().forEach(log::add);
        } catch (UncheckedIOException killed) {
            // Nothing more is said.
        }
    }

    /** SIGKILL. */
    private static void kill(Process probe) throws InterruptedException {
        assertThat(probe.destroyForcibly().waitFor()).isEqualTo(137);
    }

    private boolean oldestFileIsGone() throws IOException {
        List<Path> files = files();
        return !files.isEmpty() && !files.get(0).endsWith("0000000000000000.events");
    }

    /** Of all events in the files, taken or not. */
    private List<String> heldIds() throws IOException {
        List<String> ids = new ArrayList<>();
        for (Path file : files()) {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            var reader = new SpoolReader(bytes.position(Math.min(bytes.limit(), SpoolFormat.HEAD_BYTES)), 0);
            for (Optional<HeldEvent> event = reader.next(); event.isPresent(); event = reader.next()) {
                ids.add(JSON.readTree(event.get().json()).get("event_id").asText());
            }
        }
        return ids;
    }

    private long queueBytes() throws IOException {
        long bytes = Segments.blocks(ReadPosition.BYTES);
        for (Path file : files()) {
            bytes += Segments.blocks(Files.size(file));
        }
        return bytes;
    }

    private List<Path> files() throws IOException {
        Path queue = folder.resolve("home").resolve("queue");
        if (!Files.exists(queue)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(queue)) {
            return files.filter(file -> file.toString().endsWith(Segment.SUFFIX))
                    .sorted()
                    .toList();
        }
    }

    private Path pem(ThrowawayCertificate authority) throws Exception {
        String body =
                Base64.getMimeEncoder().encodeToString(authority.certificate().getEncoded());
        return Files.writeString(
                folder.resolve("node-ca.pem"),
                "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n");
    }
}
