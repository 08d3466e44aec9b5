package io.sonde.app.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** deploy/cluster.sh with programs in place of sonde's that say they are ready and wait for their end. */
class ClusterScriptIT {
    private static final int RUNS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String PROGRAM =
            """
            #!/bin/sh
            echo $$ >>"$SONDE_CLUSTER_DIR/pids"
            case $1 in
              migrate) echo "migrates $SONDE_DATABASE_URL" >&2; exit ;;
              token) echo a-token; exit ;;
              *) echo "ready jdbc:started-as:$$"; exec sleep 600 ;;
            esac
            """;

    @TempDir
    private Path root = Path.of("set by JUnit");

    private Path data = Path.of("set below");

    @BeforeEach
    void layOut() throws IOException {
        data = Files.createDirectories(root.resolve("data"));
        Files.createDirectories(data.resolve("postgres"));
        Files.writeString(data.resolve("postgres/password"), "it's one");
        Files.createDirectories(root.resolve("deploy"));
        Files.copy(Path.of("..", "..", "deploy", "cluster.sh"), root.resolve("deploy/cluster.sh"));
        program("target/sonde/bin/sonde");
        program("target/sonde-probe/bin/sonde-probe");
    }

    @AfterEach
    void endWhatIsLeft() throws IOException {
        started().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }

    @Test
    void eachStartFindsItsOwnPostgresSaysWhereItIsAndEndsAll() throws Exception {
        for (int run = 0; run < RUNS; run++) {
            Files.deleteIfExists(data.resolve("pids"));
            Path said = root.resolve("said-" + run);
            Process cluster = start(said);
            try {
                await().atMost(PATIENCE)
                        .until(() ->
                                !cluster.isAlive() || Files.readString(said).contains("ready http"));
                String url = "jdbc:started-as:" + started().get(0);
                assertThat(said).content().contains("migrates " + url + "\n");
                assertThat(sourced()).isEqualTo("nats://here " + url + " sonde it's one");
            } finally {
                cluster.destroy();
            }
            assertThat(cluster.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(started()).hasSizeGreaterThan(5).noneMatch(pid -> ProcessHandle.of(pid)
                    .map(ProcessHandle::isAlive)
                    .orElse(false));
        }
    }

    private Process start(Path said) throws IOException {
        ProcessBuilder cluster =
                new ProcessBuilder("sh", root.resolve("deploy/cluster.sh").toString());
        cluster.environment().keySet().removeIf(name -> name.startsWith("SONDE_"));
        cluster.environment().put("SONDE_CLUSTER_DIR", data.toString());
        cluster.environment().put("SONDE_NATS_URL", "nats://here");
        return cluster.redirectErrorStream(true).redirectOutput(said.toFile()).start();
    }

    /** What a shell knows that has read the file for other terminals. */
    private String sourced() throws IOException, InterruptedException {
        String asked = "echo $SONDE_NATS_URL $SONDE_DATABASE_URL $SONDE_DATABASE_USER $SONDE_DATABASE_PASSWORD";
        Process shell = new ProcessBuilder("sh", "-c", ". " + data.resolve("env") + "; " + asked).start();
        String answer = shell.inputReader().readLine();
        shell.waitFor();
        return answer == null ? "" : answer;
    }

    private List<Long> started() throws IOException {
        Path pids = data.resolve("pids");
        return Files.exists(pids)
                ? Files.readAllLines(pids).stream().map(Long::valueOf).toList()
                : List.of();
    }

    private void program(String name) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, PROGRAM);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }
}
