package io.sonde.probe;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** {@code GET /metrics} of a probe, on a port of its own that is closed unless it is asked for. */
final class MetricsServer implements AutoCloseable {
    private static final String PATH = "/metrics";
    /** A scrape does not wait for another that is slow. */
    private static final int THREADS = 3;

    static {
        // Seconds for a request to come and for its answer to be taken, and then its connection is closed; the server
        // reads
        // them from nowhere else.
        System.setProperty("sun.net.httpserver.maxReqTime", "5");
        System.setProperty("sun.net.httpserver.maxRspTime", "10");
    }

    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int WRONG_METHOD = 405;

    private final HttpServer server;
    private final ExecutorService threads;

    private MetricsServer(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /** @throws IOException when the address is taken or not this machine's */
    static MetricsServer start(InetSocketAddress at, PrometheusRegistry registry) throws IOException {
        ExpositionFormats formats = ExpositionFormats.init();
        HttpServer server;
        try {
            server = HttpServer.create(at, 0);
        } catch (IOException e) {
            throw new IOException("metrics cannot be served at " + at + ": " + e.getMessage(), e);
        }
        server.createContext("/", exchange -> answer(exchange, formats, registry));
        ExecutorService threads = Executors.newFixedThreadPool(THREADS, task -> {
            var named = new Thread(task, "sonde-probe-metrics");
            named.setDaemon(true);
            return named;
        });
        server.setExecutor(threads);
        server.start();
        return new MetricsServer(server, threads);
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static void answer(HttpExchange exchange, ExpositionFormats formats, PrometheusRegistry registry)
            throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals(PATH)) {
                exchange.sendResponseHeaders(NOT_FOUND, -1);
            } else if (!exchange.getRequestMethod().equals("GET")) {
                exchange.sendResponseHeaders(WRONG_METHOD, -1);
            } else {
                ExpositionFormatWriter writer =
                        formats.findWriter(exchange.getRequestHeaders().getFirst("Accept"));
                var text = new ByteArrayOutputStream();
                writer.write(text, registry.scrape());
                exchange.getResponseHeaders().set("Content-Type", writer.getContentType());
                exchange.sendResponseHeaders(OK, text.size());
                text.writeTo(exchange.getResponseBody());
            }
        }
    }
}
