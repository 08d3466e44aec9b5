package io.sonde.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A {@code nats-server} as in deploy/nats.conf, on a free port. */
final class NatsProcess implements AutoCloseable {
    private static final long START_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final Process process;
    private final int port;

    private NatsProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static NatsProcess start(Path folder) throws IOException {
        int port = LocalNode.freePort();
        Path config = folder.resolve("nats.conf");
        // 2.9 does not know the last one, and with an unknown key it would not start.
        Files.writeString(
                config,
                """
                listen: "127.0.0.1:%d"
                max_payload: 2MB
                jetstream {
                  store_dir: "%s"
                  max_file_store: 8GB
                  %s
                }
                """
                        .formatted(port, folder.resolve("nats"), syncs() ? "sync_interval: always" : ""));
        Process process = new ProcessBuilder("nats-server", "-c", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("nats.log").toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "stop-nats"));
        NatsProcess nats = new NatsProcess(process, port);
        nats.awaitListening();
        return nats;
    }

    /** Whether it writes to the disk before it acknowledges. */
    static boolean syncs() throws IOException {
        return !version().matches(".*v2\\.[0-9]\\..*");
    }

    static String version() throws IOException {
        Process asked = new ProcessBuilder("nats-server", "--version").start();
        return new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    String url() {
        return "nats://127.0.0.1:" + port;
    }

    ProcessCost cost() {
        return new ProcessCost("NATS", process.pid(), false);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private void awaitListening() throws IOException {
        long limit = System.nanoTime() + START_LIMIT_NANOS;
        while (process.isAlive() && System.nanoTime() < limit) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
                return;
            } catch (IOException notYet) {
                Thread.onSpinWait();
            }
        }
        throw new IOException("nats-server does not start");
    }
}
