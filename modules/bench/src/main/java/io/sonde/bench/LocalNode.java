package io.sonde.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code sonde up} without its probe, on free ports and a folder of its own; both go when it is closed, or we end. */
final class LocalNode implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("ready (\\S+) token=(\\S+)");

    private final Running running;
    private final URI url;
    private final String token;

    private LocalNode(Running running, URI url, String token) {
        this.running = running;
        this.url = url;
        this.token = token;
    }

    /** Blocks until it takes traffic. */
    static LocalNode start(Path sonde) throws IOException {
        Running running = Running.start(sonde);
        Runtime.getRuntime().addShutdownHook(new Thread(running::end, "stop-node"));
        String line = running.process.inputReader().readLine();
        Matcher ready = READY.matcher(line == null ? "" : line);
        if (!ready.matches()) {
            throw new IOException("sonde up does not come up: " + running.log());
        }
        return new LocalNode(running, URI.create(ready.group(1)), ready.group(2));
    }

    URI url() {
        return url;
    }

    String token() {
        return token;
    }

    List<ProcessCost> processes() {
        long postgres = running.process
                .children()
                .filter(child -> child.info().command().orElse("").endsWith("/postgres"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("sonde up runs without a PostgreSQL of its own"))
                .pid();
        return List.of(
                new ProcessCost("node", running.process.pid(), false), new ProcessCost("PostgreSQL", postgres, true));
    }

    @Override
    public void close() {
        running.end();
    }

    private static final class Running {
        private static final int STOP_LIMIT_S = 20;

        private final Path folder;
        private final Process process;
        private boolean ended;

        private Running(Path folder, Process process) {
            this.folder = folder;
            this.process = process;
        }

        static Running start(Path sonde) throws IOException {
            Path folder = Files.createTempDirectory("sonde-bench-");
            var builder = new ProcessBuilder(sonde.toString(), "up", "--no-probe", "--data");
            builder.command().add(folder.resolve("data").toString());
            builder.command().addAll(List.of("--http-port", "0", "--target-port", "0"));
            // What is measured is what the node can, not what it lets one client have.
            builder.environment()
                    .merge(
                            "SONDE_JAVA_OPTS",
                            "-Dsonde.edge.rate.events-per-second=10000000 -Dsonde.edge.rate.burst=10000000"
                                    + " -Dsonde.edge.rate.targets-per-minute=10000",
                            (given, ours) -> ours + " " + given);
            builder.redirectError(folder.resolve("up.log").toFile());
            return new Running(folder, builder.start());
        }

        String log() throws IOException {
            return Files.readString(folder.resolve("up.log"));
        }

        synchronized void end() {
            if (ended) {
                return;
            }
            ended = true;
            endProcesses();
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot remove " + folder, e);
            }
        }

        private void endProcesses() {
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
}
