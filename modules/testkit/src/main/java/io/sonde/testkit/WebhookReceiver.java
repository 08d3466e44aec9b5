package io.sonde.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.StreamSupport;

/** Where notifications arrive: takes all that is posted, but for what it is told to refuse. */
public final class WebhookReceiver implements AutoCloseable {
    private final HttpServer server;
    private final ObjectMapper json = new ObjectMapper();
    private final List<Post> posts = new CopyOnWriteArrayList<>();
    private final Queue<Integer> nextAnswers = new ConcurrentLinkedQueue<>();

    private WebhookReceiver(HttpServer server) {
        this.server = server;
    }

    /**
     * One that came.
     *
     * @param key its {@code Idempotency-Key}
     * @param answered the status of the answer
     */
    public record Post(String key, JsonNode body, int answered) {
        public boolean isTaken() {
            return answered / 100 == 2;
        }

        /** {@code firing} or {@code resolved}. */
        public String status() {
            return body.path("status").asText();
        }

        /** A label of each alert, in their order. */
        public List<String> labels(String name) {
            return StreamSupport.stream(body.path("alerts").spliterator(), false)
                    .map(alert -> alert.path("labels").path(name).asText())
                    .toList();
        }
    }

    public static WebhookReceiver start() throws IOException {
        return start(0);
    }

    /** @param port 0 for any that is free */
    public static WebhookReceiver start(int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        var receiver = new WebhookReceiver(server);
        server.createContext("/", receiver::take);
        server.start();
        return receiver;
    }

    public String url() {
        return url(server.getAddress().getPort());
    }

    /** Of one that is to start at this port. */
    public static String url(int port) {
        return "http://127.0.0.1:" + port + "/hook";
    }

    /** The next requests are answered so; after them each is taken. */
    public void nextAnswers(Integer... statuses) {
        nextAnswers.addAll(List.of(statuses));
    }

    /** All that came about a target, in the order they came. */
    public List<Post> posts(String target) {
        return posts.stream()
                .filter(post -> post.labels("target").contains(target))
                .toList();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode body = json.readTree(exchange.getRequestBody());
            Integer told = nextAnswers.poll();
            int status = told == null ? 200 : told;
            posts.add(new Post(exchange.getRequestHeaders().getFirst("Idempotency-Key"), body, status));
            exchange.sendResponseHeaders(status, -1);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
