package io.sonde.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process of ours that says {@code ready …} when it is, and what it says else in a file; it ends with us. */
final class Launched implements AutoCloseable {
    private static final int STOP_LIMIT_S = 30;

    private final Process process;
    private final List<String> ready;

    private Launched(Process process, List<String> ready) {
        this.process = process;
        this.ready = ready;
    }

    /** Blocks until it is ready. */
    static Launched start(List<String> command, Map<String, String> environment, Path log) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process), "stop-launched"));
        BufferedReader out = process.inputReader();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith("ready ")) {
                return new Launched(process, List.of(line.split(" ")));
            }
        }
        throw new IOException(String.join(" ", command) + " does not come up:\n" + Files.readString(log));
    }

    /** The words of its line. */
    List<String> ready() {
        return ready;
    }

    long pid() {
        return process.pid();
    }

    ProcessHandle child(String program) {
        return process.children()
                .filter(child -> child.info().command().orElse("").endsWith("/" + program))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no process " + program));
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        end(process);
    }

    private static void end(Process process) {
        List<ProcessHandle> tree = process.descendants().toList();
        process.destroy();
        try {
            if (process.waitFor(STOP_LIMIT_S, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        tree.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
