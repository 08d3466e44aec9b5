package io.sonde.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code sonde up} without its probe, on free ports and a folder of its own; both go when it is closed. */
final class LocalNode implements SondeDeployment {
    private final Path sonde;
    private final Folder folder;
    private final int port;
    private final String options;
    private Launched up;

    private LocalNode(Path sonde, Folder folder, int port, String options) throws IOException {
        this.sonde = sonde;
        this.folder = folder;
        this.port = port;
        this.options = options;
        this.up = launch();
    }

    /**
     * Blocks until it takes traffic.
     *
     * @param options of its JVM, besides those of the environment
     */
    static LocalNode start(Path sonde, Path parent, String options) throws IOException {
        return new LocalNode(sonde, Folder.under(parent), freePort(), options);
    }

    @Override
    public List<URI> urls() {
        return List.of(URI.create(up.ready().get(1)));
    }

    @Override
    public String token() {
        return up.ready().get(2).substring("token=".length());
    }

    @Override
    public List<ProcessCost> processes() {
        return List.of(
                new ProcessCost("node", up.pid(), false),
                new ProcessCost("PostgreSQL", up.child("postgres").pid(), true));
    }

    @Override
    public Path data() {
        return folder.path().resolve("data");
    }

    @Override
    public void stop() {
        up.close();
    }

    @Override
    public void kill() throws InterruptedException {
        up.kill();
    }

    @Override
    public void startAgain() throws IOException {
        up = launch();
    }

    @Override
    public void close() {
        up.close();
        folder.close();
    }

    private Launched launch() throws IOException {
        List<String> command = new ArrayList<>(List.of(sonde.toString(), "up", "--no-probe", "--data"));
        command.add(data().toString());
        command.addAll(List.of("--http-port", Integer.toString(port), "--target-port", "0"));
        return Launched.start(
                command, SondeDeployment.environment(options), folder.path().resolve("up.log"));
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
