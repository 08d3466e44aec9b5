package io.sonde.app.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sonde.app.Main;
import io.sonde.app.problem.ExitCode;
import io.sonde.app.problem.Problem;
import io.sonde.app.storage.Unprivileged;
import io.sonde.testkit.Jvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The one command as a person runs it: a process of its own, its first line, its signals, its exit code. */
class UpIT {
    private static final int SIGTERM_CODE = 143;

    /** One for all, initialised by the first: each test starts on what the others left. */
    @TempDir
    static Path folder;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endWhatIsLeft() throws InterruptedException {
        for (Process process : started) {
            process.destroy();
            process.waitFor();
        }
    }

    @Test
    void itSaysReadyWithAUrlAndATokenAndStopsQuicklyLeavingNothingBehind() throws Exception {
        Process up = up();
        String first = ready(up);
        List<ProcessHandle> tree = up.descendants().toList();

        up.destroy();

        assertThat(first).matches("ready http://127\\.0\\.0\\.1:\\d+ token=sonde_admin_\\w+");
        assertThat(tree).as("PostgreSQL, its workers and the probe").hasSizeGreaterThan(2);
        assertThat(up.waitFor(15, TimeUnit.SECONDS)).isTrue();
        assertThat(up.exitValue()).isEqualTo(SIGTERM_CODE);
        assertThat(tree).noneMatch(ProcessHandle::isAlive);
        assertThat(Files.readString(folder.resolve("data/log/postgres.log"))).contains("database system is shut down");
    }

    @Test
    void theTokenIsTheSameAtTheNextStart() throws Exception {
        Process up = up("--no-probe");
        String token = token(ready(up));
        up.destroy();
        up.waitFor();

        assertThat(token(ready(up("--no-probe")))).isEqualTo(token);
    }

    @Test
    void aSecondStartOnTheSameFolderIsRefusedInOneLineAndTheFirstGoesOn() throws Exception {
        Process first = up("--no-probe");
        ready(first);

        Process second = up("--no-probe");

        assertThat(second.waitFor()).isEqualTo(ExitCode.IN_USE.code());
        assertThat(complaints(second)).singleElement().asString().contains("another sonde runs on");
        assertThat(first.isAlive()).isTrue();
    }

    @Test
    void aFolderThatMayNotBeUsedIsSaidWithItsOwner(@TempDir Path closed) throws Exception {
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-x------"));

        Process up = up(Unprivileged.PREFIX, closed.resolve("data"), "--no-probe");

        assertThat(up.waitFor()).isEqualTo(ExitCode.DENIED.code());
        assertThat(complaints(up))
                .singleElement()
                .asString()
                .contains("cannot write to " + closed.resolve("data"), closed + " belongs to ", "mode r-x------");
    }

    @Test
    void afterSigkillTheNextStartIsReady() throws Exception {
        Process killed = up();
        ready(killed);
        List<ProcessHandle> tree = killed.descendants().toList();

        killed.destroyForcibly().waitFor();

        assertThat(ready(up("--no-probe"))).startsWith("ready ");
        assertThat(tree).allSatisfy(process -> assertThat(process.onExit()).succeedsWithin(Duration.ofSeconds(15)));
    }

    @Test
    void aPostgresThatEndsByItselfIsSaidAndEndsTheRest() throws Exception {
        Process up = up("--no-probe");
        ready(up);

        postmaster(up).destroyForcibly();

        assertThat(up.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(up.exitValue()).isEqualTo(ExitCode.FAILED.code());
        assertThat(complaints(up)).singleElement().asString().contains("PostgreSQL has ended by itself");
    }

    @Test
    void aNodeThatEndsByItselfIsSaid() {
        Up up = new Up(new Up.Settings(folder.resolve("never started"), 0, 0, false, Optional.empty()));

        up.hasEnded("the node", Path.of("sonde.log"));

        assertThatThrownBy(up::awaitEnd)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.exitCode()).isEqualTo(ExitCode.FAILED))
                .hasMessage("the node has ended by itself; its log says why: sonde.log");
    }

    @Test
    void aProbeThatEndsByItselfIsSaidAndStartedAgain() throws Exception {
        Process up = up();
        ready(up);
        ProcessHandle killed = probe(up).orElseThrow();

        killed.destroyForcibly();

        await().atMost(Duration.ofSeconds(20))
                .until(() -> probe(up).filter(probe -> !probe.equals(killed)).isPresent());
        assertThat(Files.readString(folder.resolve("data/log/sonde.log")))
                .contains("the probe has ended by itself (exit code 137)");
        assertThat(up.isAlive()).isTrue();
    }

    @Test
    void itsProbeMeasuresWhatItIsToldWithoutARestart() throws Exception {
        Process up = up();
        String[] ready = ready(up).split(" ");
        String token = ready[2].substring("token=".length());
        String told = ready[1] + "/healthz";
        ProcessHandle probe = probe(up).orElseThrow();

        HttpResponse<String> put = send(
                ready[1] + "/api/v1/probes/local/config",
                token,
                HttpRequest.newBuilder()
                        .PUT(BodyPublishers.ofString("{\"targets\":[\"" + told + "\"],\"interval\":\"1s\"}")));

        assertThat(put.statusCode()).as(put.body()).isEqualTo(201);
        String live =
                ready[1] + "/api/v1/live?client_id=local&target=" + URLEncoder.encode(told, StandardCharsets.UTF_8);
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(
                        send(live, token, HttpRequest.newBuilder()).body())
                .contains("\"count_success\":"));
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(send(ready[1] + "/api/v1/probes", token, HttpRequest.newBuilder())
                                .body())
                        .contains("\"state\":\"applied\""));
        assertThat(probe(up)).contains(probe);
    }

    private static HttpResponse<String> send(String url, String token, HttpRequest.Builder request) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        request.uri(URI.create(url))
                                .header("Authorization", "Bearer " + token)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static Optional<ProcessHandle> probe(Process up) {
        return up.children()
                .filter(ProcessHandle::isAlive)
                .filter(child -> child.info().commandLine().orElse("").contains("ProbeMain"))
                .findFirst();
    }

    private Process up(String... more) throws IOException {
        return up(List.of(), folder.resolve("data"), more);
    }

    private Process up(List<String> before, Path data, String... more) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                Jvm.compiler(),
                "-Xmx512m",
                "-Djava.util.concurrent.ForkJoinPool.common.parallelism=2",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "up",
                "--data",
                data.toString(),
                "--http-port",
                "0",
                "--target-port",
                "0"));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command).start();
        started.add(process);
        return process;
    }

    private static String ready(Process up) throws IOException {
        BufferedReader out = up.inputReader();
        String line = out.readLine();
        if (line == null) {
            throw new IOException(new String(up.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
        }
        return line;
    }

    private static String token(String ready) {
        return ready.substring(ready.indexOf("token="));
    }

    private static List<String> complaints(Process ended) throws IOException {
        try (Stream<String> lines = ended.errorReader().lines()) {
            return lines.filter(line -> line.startsWith("sonde: ") || line.contains("Exception"))
                    .toList();
        }
    }

    private static ProcessHandle postmaster(Process up) {
        Optional<ProcessHandle> postmaster = up.children()
                .filter(child -> child.info().command().orElse("").endsWith("/postgres"))
                .findFirst();
        return postmaster.orElseThrow();
    }
}
