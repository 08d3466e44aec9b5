package io.sonde.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The fastest of its kind, and what it promises: events are in memory when they are acknowledged, and none is recognised. */
final class VictoriaMetrics implements Deployment {
    private static final int FIELDS = 6;
    private static final int START_LIMIT_S = 20;

    private final Folder folder;
    private final URI url;
    private final Process process;

    private VictoriaMetrics(Folder folder, URI url, Process process) {
        this.folder = folder;
        this.url = url;
        this.process = process;
    }

    /** Blocks until it takes traffic. */
    static VictoriaMetrics start(Path program, Path parent) throws IOException, InterruptedException {
        Folder folder = Folder.under(parent);
        int port = LocalNode.freePort();
        Process process = new ProcessBuilder(
                        program.toString(),
                        "-httpListenAddr=127.0.0.1:" + port,
                        "-storageDataPath=" + folder.path().resolve("data"),
                        "-search.latencyOffset=0s")
                .redirectErrorStream(true)
                .redirectOutput(folder.path().resolve("log").toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "stop-victoria-metrics"));
        VictoriaMetrics started = new VictoriaMetrics(folder, URI.create("http://127.0.0.1:" + port), process);
        started.awaitReady();
        return started;
    }

    Api api() {
        return new Api(url, "");
    }

    @Override
    public List<URI> urls() {
        return List.of(url);
    }

    @Override
    public Dialect dialect() {
        return new InfluxDialect();
    }

    @Override
    public List<ProcessCost> processes() {
        return List.of(new ProcessCost("VictoriaMetrics", process.pid(), false));
    }

    @Override
    public long recorded() throws IOException, InterruptedException {
        return metric("vm_rows_inserted_total{type=\"influx\"}") / FIELDS;
    }

    /** After all of it was written out. */
    long bytesOnDisk() throws IOException, InterruptedException {
        api().text("/internal/force_flush");
        try (Stream<Path> files = Files.walk(folder.path().resolve("data"))) {
            return files.mapToLong(VictoriaMetrics::size).sum();
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor(START_LIMIT_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        folder.close();
    }

    private long metric(String name) throws IOException, InterruptedException {
        Optional<String> line = api().text("/metrics")
                .lines()
                .filter(any -> any.startsWith(name + " "))
                .findFirst();
        return line.map(found -> (long) Double.parseDouble(found.substring(name.length())))
                .orElse(0L);
    }

    private void awaitReady() throws IOException, InterruptedException {
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_LIMIT_S);
        while (process.isAlive() && System.nanoTime() < limit) {
            try {
                api().text("/health");
                return;
            } catch (IOException notYet) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
        throw new IOException("VictoriaMetrics does not start; see " + folder.path());
    }

    /** A part that was merged away meanwhile has none. */
    private static long size(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : 0;
        } catch (IOException gone) {
            return 0;
        }
    }
}
