package io.sonde.app.storage;

import io.sonde.app.problem.ExitCode;
import io.sonde.app.problem.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running PostgreSQL of a {@link Cluster}. */
final class Postmaster {
    static final Map<String, String> DURABLE =
            Map.of("fsync", "on", "synchronous_commit", "on", "full_page_writes", "on");

    /** A journal that is written and trimmed all the time is vacuumed sooner than once a minute. */
    private static final Map<String, String> MODEST = Map.of(
            "shared_buffers", "512MB",
            "max_connections", "100",
            "max_wal_size", "4GB",
            "checkpoint_timeout", "15min",
            "autovacuum_naptime", "15s",
            "jit", "off",
            "timezone", "UTC",
            "log_timezone", "UTC");

    private static final Logger LOG = LoggerFactory.getLogger(Postmaster.class);
    private static final int ATTEMPTS = 10;
    private static final long LOG_LIMIT_BYTES = 16L << 20;

    private final Cluster cluster;
    private final Process process;
    private final int port;

    private Postmaster(Cluster cluster, Process process, int port) {
        this.cluster = cluster;
        this.process = process;
        this.port = port;
    }

    /**
     * Started and ready for connections. Tried again when it ends at once: another process may have taken the port, or
     * the backends of a killed postmaster may need a moment to notice.
     */
    static Postmaster start(Cluster cluster) {
        Path log = cluster.data().log("postgres");
        rollOver(log);
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            int port = freePort();
            Process process = launch(cluster, port, log);
            if (awaitReady(cluster, process)) {
                return new Postmaster(cluster, process, port);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100L * attempt));
        }
        throw new Problem(ExitCode.FAILED, "PostgreSQL does not start; its log says why: " + log);
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    CompletableFuture<Process> exit() {
        return process.onExit();
    }

    void stop() {
        end(cluster, process.toHandle());
    }

    /** A fast shutdown; one that takes too long is followed by a harder one, after which the next start recovers. */
    static void end(Cluster cluster, ProcessHandle process) {
        for (String signal : List.of("INT", "QUIT", "KILL")) {
            cluster.signal(signal, process.pid());
            if (ended(process)) {
                return;
            }
        }
        throw new Problem(
                ExitCode.IN_USE, "PostgreSQL (pid " + process.pid() + ") of " + cluster.folder() + " does not end");
    }

    private static boolean ended(ProcessHandle process) {
        try {
            process.onExit().get(20, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        } catch (ExecutionException e) {
            return !process.isAlive();
        }
    }

    /** "Our death" in {@link RunAs} is that of the thread that started the process, so it gets one that stays. */
    private static Process launch(Cluster cluster, int port, Path log) {
        CompletableFuture<Process> started = new CompletableFuture<>();
        Thread keeper = new Thread(
                () -> {
                    try {
                        Process process = cluster.runAs()
                                .command(command(cluster, port))
                                .directory(cluster.folder().toFile())
                                .redirectErrorStream(true)
                                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                                .start();
                        started.complete(process);
                        process.waitFor();
                    } catch (IOException e) {
                        started.completeExceptionally(
                                new Problem(ExitCode.FAILED, "cannot run PostgreSQL: " + e.getMessage(), e));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "postgres-keeper");
        keeper.setDaemon(true);
        keeper.start();
        return started.join();
    }

    private static List<String> command(Cluster cluster, int port) {
        Map<String, String> settings = new TreeMap<>(MODEST);
        settings.putAll(DURABLE);
        settings.put("listen_addresses", "127.0.0.1");
        settings.put("port", Integer.toString(port));
        settings.put("unix_socket_directories", "");
        List<String> command = new ArrayList<>(List.of(
                cluster.programs().program("postgres").toString(),
                "-D",
                cluster.folder().toString()));
        settings.forEach((name, value) -> {
            command.add("-c");
            command.add(name + "=" + value);
        });
        return command;
    }

    private static boolean awaitReady(Cluster cluster, Process process) {
        Patience patience = new Patience(System.nanoTime());
        try {
            while (!process.waitFor(20, TimeUnit.MILLISECONDS)) {
                Optional<Cluster.Running> said =
                        Cluster.running(cluster.folder()).filter(running -> running.pid() == process.pid());
                if (said.filter(Cluster.Running::ready).isPresent()) {
                    return true;
                }
                if (!goesOn(patience, said.filter(Cluster.Running::starting).isPresent(), cluster)) {
                    end(cluster, process.toHandle());
                    return false;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private static boolean goesOn(Patience patience, boolean saysStarting, Cluster cluster) {
        long now = System.nanoTime();
        Patience.Next next = patience.at(now, saysStarting);
        if (next == Patience.Next.TELL_AND_WAIT) {
            LOG.info(
                    "PostgreSQL {} for {} s; after a crash it recovers first, see {}",
                    saysStarting ? "has been starting up" : "has said nothing",
                    patience.seconds(now),
                    cluster.data().log("postgres"));
        }
        return next != Patience.Next.GIVE_UP;
    }

    private static void rollOver(Path log) {
        try {
            if (Files.exists(log) && Files.size(log) > LOG_LIMIT_BYTES) {
                Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw DataFolder.denied(log, e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
