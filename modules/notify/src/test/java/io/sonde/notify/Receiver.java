package io.sonde.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sonde.core.Channel;
import io.sonde.core.Notification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP server that keeps what it gets and answers what it is told to. */
final class Receiver implements AutoCloseable {
    static final Duration TIMEOUT = Duration.ofMillis(500);
    static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private volatile Answer answer = new Answer(200, "ok", Map.of());

    record Request(String method, String path, Map<String, List<String>> headers, String body) {
        String header(String name) {
            return String.join(",", headers.getOrDefault(name, List.of()));
        }

        JsonNode json() {
            return Receiver.json(body);
        }
    }

    record Answer(int status, String body, Map<String, String> headers) {
        /** An answer that does not come before the receiver is closed. */
        static final Answer NEVER = new Answer(-1, "never", Map.of());
        /** A head at once, and a body that never ends. */
        static final Answer ENDLESS = new Answer(500, "endless", Map.of());
    }

    Receiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::take);
        server.setExecutor(executor);
        server.start();
    }

    static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode golden(String name) throws IOException {
        return json(Files.readString(Path.of("src/test/resources/bodies", name)));
    }

    static String send(Channel channel, Notification notification) {
        return String.valueOf(channel.send(notification).toCompletableFuture().join());
    }

    /** Why it was not taken. */
    static Throwable failure(Channel channel, Notification notification) {
        try {
            throw new AssertionError("taken: " + send(channel, notification));
        } catch (CompletionException e) {
            return e.getCause() == null ? e : e.getCause();
        }
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    void answers(int status, String body, Map<String, String> headers) {
        answer = new Answer(status, body, headers);
    }

    void answers(Answer answer) {
        this.answer = answer;
    }

    Request request() {
        if (requests.size() != 1) {
            throw new AssertionError("not one request: " + requests);
        }
        return requests.get(0);
    }

    List<Request> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        executor.shutdownNow();
    }

    private void take(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        requests.add(new Request(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                Map.copyOf(exchange.getRequestHeaders()),
                body));
        Answer now = answer;
        if (now.equals(Answer.NEVER)) {
            awaitEnd();
        } else if (now.equals(Answer.ENDLESS)) {
            exchange.sendResponseHeaders(now.status, 0);
            while (closed.getCount() > 0) {
                exchange.getResponseBody().write(new byte[1_000]);
            }
        } else {
            now.headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
            byte[] bytes = now.body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(now.status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private void awaitEnd() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
