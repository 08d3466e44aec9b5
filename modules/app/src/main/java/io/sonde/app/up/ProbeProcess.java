package io.sonde.app.up;

import static java.util.Map.entry;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import io.sonde.app.storage.DataFolder;
import io.sonde.target.TargetServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The probe of {@code sonde up}: a child process with a small memory that measures the test target, is started again when
 * it ends by itself, and ends with us.
 */
final class ProbeProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProbeProcess.class);

    /** So short that the first windows are full of measurements. */
    private static final String INTERVAL = "5s";

    private static final String THROUGHPUT_INTERVAL = "30s";
    private static final int STOP_LIMIT_S = 3;
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final ProcessBuilder command;
    private final Path log;
    private final ScheduledExecutorService keeper = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "probe-keeper");
        thread.setDaemon(true);
        return thread;
    });
    private @Nullable Process running;
    private Duration pause = SHORTEST_PAUSE;
    private boolean closed;

    private ProbeProcess(ProcessBuilder command, Path log) {
        this.command = command;
        this.log = log;
    }

    static ProbeProcess start(DataFolder data, String url, TargetServer target) throws IOException {
        Path configuration = data.probe().resolve("probe.conf");
        Files.writeString(configuration, configuration(settings(data, url, target)));
        Path log = data.log("probe");
        Files.deleteIfExists(log);
        ProbeProcess probe = new ProbeProcess(command(configuration, log), log);
        probe.launch();
        return probe;
    }

    @Override
    public void close() {
        keeper.shutdownNow();
        toEnd().ifPresent(ProbeProcess::end);
    }

    private synchronized Optional<Process> toEnd() {
        closed = true;
        return Optional.ofNullable(running);
    }

    private static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void launch() throws IOException {
        if (!closed) {
            long startNs = System.nanoTime();
            Process process = command.start();
            running = process;
            var unused =
                    process.onExit().thenAccept(ended -> again(ended, Duration.ofNanos(System.nanoTime() - startNs)));
        }
    }

    private void launchAgain() {
        try {
            launch();
        } catch (IOException e) {
            LOG.warn("the probe cannot be started: {}", e.getMessage());
            againAfter(nextPause(Duration.ZERO));
        }
    }

    private synchronized void again(Process ended, Duration ran) {
        if (!closed) {
            Duration wait = nextPause(ran);
            LOG.warn(
                    "the probe has ended by itself (exit code {}), it starts again in {} s; see {}",
                    ended.exitValue(),
                    wait.toSeconds(),
                    log);
            againAfter(wait);
        }
    }

    /** Twice the one before, unless the probe ran for long: then something new has happened to it. */
    private synchronized Duration nextPause(Duration ran) {
        Duration wait = ran.compareTo(LONGEST_PAUSE) > 0 ? SHORTEST_PAUSE : pause;
        Duration twice = wait.multipliedBy(2);
        pause = twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
        return wait;
    }

    private void againAfter(Duration wait) {
        try {
            var unused = keeper.schedule(this::launchAgain, wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("closed meanwhile");
        }
    }

    private static ProcessBuilder command(Path configuration, Path log) {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx48m",
                        "-Xss512k",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-UsePerfData",
                        "-Djava.util.concurrent.ForkJoinPool.common.parallelism=2",
                        "io.sonde.probe.ProbeMain",
                        "run",
                        "--exit-with-parent",
                        "--config",
                        configuration.toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder;
    }

    private static Map<String, Object> settings(DataFolder data, String url, TargetServer target) {
        String http = "http://127.0.0.1:" + target.httpPort();
        String https = "https://127.0.0.1:" + target.tlsPort();
        String health = http + "/health,throughput=" + http + "/fixed/1mb.bin";
        return Map.ofEntries(
                entry("targets", List.of(health, http + "/slow?ms=40", https + "/health")),
                entry("interval", INTERVAL),
                entry("throughput-interval", THROUGHPUT_INTERVAL),
                entry("ingest-url", url),
                entry("token-file", data.token().path().toString()),
                entry("config-from-node", true),
                // The test target is on this machine.
                entry("allow-private-targets", true),
                entry("ca", target.authority().toString()),
                entry("home", data.probe().toString()),
                entry("client-id", "local"),
                entry("label", "sonde up"));
    }

    private static String configuration(Map<String, Object> settings) {
        return "# Written by sonde up at each start.\n"
                + ConfigFactory.parseMap(Map.of("sonde.probe", settings))
                        .root()
                        .render(ConfigRenderOptions.concise().setFormatted(true).setJson(false));
    }
}
