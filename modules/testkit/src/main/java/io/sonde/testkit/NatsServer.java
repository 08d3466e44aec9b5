package io.sonde.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real {@code nats-server} with JetStream on a free port and with a folder of its own. */
public final class NatsServer implements AutoCloseable {
    private static final long START_LIMIT_NS = TimeUnit.SECONDS.toNanos(20);

    private final int port;
    private final int monitorPort;
    private final Path folder;
    private final boolean jetStream;
    private Process process;

    private NatsServer(int port, int monitorPort, Path folder, boolean jetStream) throws IOException {
        this.port = port;
        this.monitorPort = monitorPort;
        this.folder = folder;
        this.jetStream = jetStream;
        this.process = launch();
    }

    public static NatsServer start() throws IOException {
        return start(true);
    }

    /** One that keeps nothing. */
    public static NatsServer withoutJetStream() throws IOException {
        return start(false);
    }

    private static NatsServer start(boolean jetStream) throws IOException {
        return new NatsServer(
                NodeProcess.freePort(), NodeProcess.freePort(), Files.createTempDirectory("sonde-nats-"), jetStream);
    }

    public String url() {
        return "nats://127.0.0.1:" + port;
    }

    /** Where it tells of itself over HTTP. */
    public String monitorUrl() {
        return "http://127.0.0.1:" + monitorPort;
    }

    /** SIGKILL, as a power cut of the process; what it stored stays. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM, as an operator stops it. */
    public void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            kill();
        }
    }

    public void restart() throws IOException {
        process = launch();
    }

    /** Forgets all it stored, as a lost disk; for a server that does not run. */
    public void wipe() throws IOException {
        delete(folder.resolve("store"));
    }

    /** SIGSTOP: connections stay open and nothing answers, as in a long pause of the machine. */
    public void pause() throws IOException, InterruptedException {
        Signals.send("STOP", process);
    }

    /** SIGCONT. */
    public void resume() throws IOException, InterruptedException {
        Signals.send("CONT", process);
    }

    @Override
    public void close() throws IOException {
        try {
            kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        delete(folder);
    }

    private static void delete(Path all) throws IOException {
        try (Stream<Path> files = Files.walk(all)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private Process launch() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "nats-server",
                "-a",
                "127.0.0.1",
                "-p",
                Integer.toString(port),
                "-m",
                Integer.toString(monitorPort),
                "-l",
                folder.resolve("log").toString()));
        if (jetStream) {
            command.addAll(List.of("-js", "-sd", folder.resolve("store").toString()));
        }
        Process started;
        try {
            started = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new IOException("nats-server is not on the PATH; install it: apt-get install nats-server", e);
        }
        awaitListening(started);
        return started;
    }

    private void awaitListening(Process started) throws IOException {
        long limit = System.nanoTime() + START_LIMIT_NS;
        while (started.isAlive() && System.nanoTime() < limit) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
                return;
            } catch (IOException notYet) {
                Thread.onSpinWait();
            }
        }
        throw new IOException("nats-server did not start; its log: " + Files.readString(folder.resolve("log")));
    }
}
