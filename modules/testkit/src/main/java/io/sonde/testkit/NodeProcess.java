package io.sonde.testkit;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionTimeoutException;

/** A node in a JVM of its own, started as a person would: {@code sonde node --config FILE}. */
public final class NodeProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private final Process process;
    private final Path log;
    private final String url;

    private NodeProcess(Process process, Path log, String url) {
        this.process = process;
        this.log = log;
        this.url = url;
    }

    /** How a start that was refused ended. */
    public record Refusal(int exitCode, List<String> log) {}

    /**
     * What the JVM runs.
     *
     * @param arguments of the JVM, before the class
     */
    public record Program(String mainClass, List<String> arguments) {
        public static final Program NODE = new Program("io.sonde.app.Main", List.of());

        public Program {
            arguments = List.copyOf(arguments);
        }
    }

    /** Starts it and waits until it says that it is ready. */
    public static NodeProcess start(Path folder, String name, Map<String, String> settings) throws IOException {
        return start(folder, name, settings, Program.NODE);
    }

    public static NodeProcess start(Path folder, String name, Map<String, String> settings, Program program)
            throws IOException {
        Path log = folder.resolve(name + ".log");
        Path out = folder.resolve(name + ".out");
        Process process = launch(folder, name, settings, program);
        try {
            await(name + " is ready")
                    .atMost(START_LIMIT)
                    .until(() -> !process.isAlive() || ready(out).isPresent());
        } catch (ConditionTimeoutException tooLate) {
            process.destroyForcibly();
            throw tooLate;
        }
        Optional<String> url = ready(out);
        if (url.isEmpty()) {
            throw new IOException(name + " did not start:\n" + Files.readString(log));
        }
        return new NodeProcess(process, log, url.get());
    }

    /** Starts it with something in its way and waits until it has ended. */
    public static Refusal refused(Path folder, String name, Map<String, String> settings)
            throws IOException, InterruptedException {
        Process process = launch(folder, name, settings, Program.NODE);
        try {
            boolean ended = process.waitFor(60, TimeUnit.SECONDS);
            List<String> log = Files.readAllLines(folder.resolve(name + ".log"));
            if (!ended) {
                throw new IOException(name + " was not refused:\n" + String.join("\n", log));
            }
            return new Refusal(process.exitValue(), log);
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process launch(Path folder, String name, Map<String, String> settings, Program program)
            throws IOException {
        Path config = folder.resolve(name + ".conf");
        Files.writeString(
                config,
                settings.entrySet().stream()
                        .map(setting -> setting.getKey() + " = " + setting.getValue() + "\n")
                        .collect(Collectors.joining()));
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                Jvm.compiler(),
                "-Xmx512m",
                "-Xss8m",
                "-Djava.util.concurrent.ForkJoinPool.common.parallelism=2",
                "-Dlogback.configurationFile=logback.xml",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        command.addAll(1, program.arguments());
        command.addAll(List.of(program.mainClass(), "node", "--config", config.toString()));
        return new ProcessBuilder(command)
                .redirectError(folder.resolve(name + ".log").toFile())
                .redirectOutput(folder.resolve(name + ".out").toFile())
                .start();
    }

    /** The address it is ready at, once it says so. */
    private static Optional<String> ready(Path out) throws IOException {
        return Files.readAllLines(out).stream()
                .filter(line -> line.startsWith("ready "))
                .map(line -> line.split(" ")[1])
                .findFirst();
    }

    public String url() {
        return url;
    }

    public String log() throws IOException {
        return Files.readString(log);
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Once it has ended by itself. */
    public int exitCode() {
        return process.exitValue();
    }

    /** SIGKILL. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGSTOP: connections stay open and nothing answers, as in a long pause of the machine. */
    public void pause() throws IOException, InterruptedException {
        Signals.send("STOP", process);
    }

    /** SIGCONT. */
    public void resume() throws IOException, InterruptedException {
        Signals.send("CONT", process);
    }

    /** SIGTERM, and does not wait for what comes of it. */
    public void terminate() {
        process.destroy();
    }

    /** SIGTERM; true when it ended by itself within a minute. */
    public boolean stop() throws InterruptedException {
        process.destroy();
        return process.waitFor(60, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /**
     * Given once. Below the ports that the system takes for connections and for servers that leave the choice to it, so
     * that none of them is there first, or while this one's server is down.
     */
    public static int freePort() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(10_000, 32_768);
            try (ServerSocket socket = new ServerSocket(port)) {
                if (GIVEN.add(port)) {
                    return socket.getLocalPort();
                }
            } catch (BindException taken) {
                // another is drawn
            }
        }
    }
}
