package io.sonde.faults;

import io.sonde.target.TargetPorts;
import io.sonde.target.TargetServer;
import io.sonde.testkit.Jvm;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A probe in a JVM of its own that measures a target of the test's, and its queue and log, which outlive it. */
final class ProbeProcess implements AutoCloseable {
    private static final String COUNTS = "; events:";
    private static final Pattern COUNT = Pattern.compile("(\\w+)=(\\d+)");
    private static final Pattern HELD = Pattern.compile("(\\d+) events of an earlier run wait");

    private final Path folder;
    private final TargetServer target;
    private final List<String> arguments;
    private final Map<String, String> environment;
    private Process process;

    private ProbeProcess(
            Path folder,
            TargetServer target,
            List<String> arguments,
            Map<String, String> environment,
            Process process) {
        this.folder = folder;
        this.target = target;
        this.arguments = arguments;
        this.environment = environment;
        this.process = process;
    }

    /** @param environment settings, {@code SONDE_PROBE_…} */
    static ProbeProcess start(Path folder, URI node, String token, int targets, Map<String, String> environment)
            throws IOException {
        TargetServer target = TargetServer.start(TargetPorts.ANY_FREE, folder.resolve("certificates"));
        List<String> options = new ArrayList<>(List.of("--client-id", "probe-1"));
        for (int i = 0; i < targets; i++) {
            options.addAll(List.of("--target", "http://127.0.0.1:" + target.httpPort() + "/health?n=" + i));
        }
        return start(folder, node, token, target, options, environment);
    }

    /**
     * @param target closed with it
     * @param options beside where it sends to and where it keeps what waits
     */
    static ProbeProcess start(
            Path folder,
            URI node,
            String token,
            TargetServer target,
            List<String> options,
            Map<String, String> environment)
            throws IOException {
        List<String> arguments = new ArrayList<>(List.of("run", "--ingest-url", node.toString(), "--token", token));
        arguments.addAll(List.of("--home", folder.resolve("probe").toString()));
        arguments.addAll(options);
        return new ProbeProcess(folder, target, arguments, environment, launch(folder, arguments, environment));
    }

    private static Process launch(Path folder, List<String> arguments, Map<String, String> environment)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                Jvm.compiler(),
                "-Xmx256m",
                "-Dlogback.configurationFile=logback.xml",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "io.sonde.probe.ProbeMain"));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log(folder).toFile()));
        builder.environment().put("SONDE_PROBE_REHEARSAL", "0s");
        builder.environment().putAll(environment);
        return builder.start();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    void restart() throws IOException {
        process = launch(folder, arguments, environment);
    }

    /** With the settings it was not started with at first. */
    void restart(Map<String, String> others) throws IOException {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(others);
        process = launch(folder, arguments, all);
    }

    /** Its exit code, once it has ended by itself. */
    OptionalInt ended() {
        return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
    }

    /** SIGTERM; it sends what it can before it ends. */
    void stop() throws InterruptedException, IOException {
        process.toHandle().destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new IOException("the probe did not end:\n" + Files.readString(log(folder)));
        }
    }

    /** The files of its queue, oldest first. */
    List<String> queue() throws IOException {
        Path queue = folder.resolve("probe").resolve("queue");
        if (!Files.exists(queue)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(queue)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".events"))
                    .sorted()
                    .toList();
        }
    }

    /** How many events the last start found in the queue; 0 when none. */
    long heldAtStart() throws IOException {
        return Files.readAllLines(log(folder)).stream()
                .map(HELD::matcher)
                .filter(Matcher::find)
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .reduce(0, (before, last) -> last);
    }

    /** Of the last line of counts: {@code succeeded}, {@code accepted}, {@code late}, {@code waiting}, …; 0 if not named. */
    long count(String name) throws IOException {
        String line = Files.readAllLines(log(folder)).stream()
                .filter(any -> any.contains(COUNTS))
                .reduce("", (before, last) -> last);
        return COUNT.matcher(line)
                .results()
                .filter(count -> count.group(1).equals(name))
                .mapToLong(count -> Long.parseLong(count.group(2)))
                .sum();
    }

    String log() throws IOException {
        return Files.readString(log(folder));
    }

    @Override
    public void close() {
        process.destroyForcibly();
        target.close();
    }

    private static Path log(Path folder) {
        return folder.resolve("probe.log");
    }
}
