package io.sonde.app.node;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads {@code /api/v1/stream} and keeps what was said. */
final class StreamReader implements WebSocket.Listener, AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(30);

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    final List<JsonNode> said = new CopyOnWriteArrayList<>();
    /** The code with which it was ended. */
    final CompletableFuture<Integer> ended = new CompletableFuture<>();

    private final StringBuilder part = new StringBuilder();
    private @Nullable WebSocket socket;

    private StreamReader() {}

    static StreamReader open(Node node, String token) {
        return open(node, token, HTTP.newWebSocketBuilder());
    }

    /** @throws java.util.concurrent.CompletionException by a {@link java.net.http.WebSocketHandshakeException} when it is refused */
    static StreamReader open(Node node, String token, WebSocket.Builder builder) {
        StreamReader reader = new StreamReader();
        reader.socket = builder.header("Authorization", "Bearer " + token)
                .buildAsync(URI.create("ws://127.0.0.1:" + node.httpPort() + "/api/v1/stream"), reader)
                .join();
        reader.first(message -> message.has("hello"));
        return reader;
    }

    static WebSocket.Builder builder() {
        return HTTP.newWebSocketBuilder();
    }

    /** @param filters members beside id and channel, as {@code ,"client_id":"a*"} */
    void subscribe(String id, String channel, String filters) {
        ask("{\"subscribe\":{\"id\":\"" + id + "\",\"channel\":\"" + channel + "\"" + filters + "}}");
        first(message -> message.path("subscribed").path("id").asText().equals(id));
    }

    void ask(String message) {
        socket().sendText(message, true).orTimeout(20, TimeUnit.SECONDS).join();
    }

    /** A message in parts. */
    void ask(List<String> parts) {
        for (int i = 0; i < parts.size(); i++) {
            socket().sendText(parts.get(i), i == parts.size() - 1)
                    .orTimeout(20, TimeUnit.SECONDS)
                    .join();
        }
    }

    JsonNode first(Predicate<JsonNode> which) {
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> ended.isDone() || said.stream().anyMatch(which));
        return said.stream()
                .filter(which)
                .findFirst()
                .orElseThrow(() -> new AssertionError("ended with " + ended.join() + " after " + said));
    }

    /** All that a subscription has got of what is in its lists. */
    List<JsonNode> items(String id) {
        return said.stream()
                .filter(message -> message.path("id").asText().equals(id))
                .flatMap(message -> List.of("windows", "incidents", "problems", "clients").stream()
                        .flatMap(channel -> items(message.path(channel)).stream()))
                .toList();
    }

    long count(String member) {
        return said.stream().filter(message -> message.has(member)).count();
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        part.append(data);
        if (last) {
            try {
                said.add(JSON.readTree(part.toString()));
            } catch (JsonProcessingException e) {
                throw new AssertionError(part.toString(), e);
            }
            part.setLength(0);
        }
        from.request(1);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        ended.complete(code);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
        ended.completeExceptionally(failure);
    }

    @Override
    public void close() {
        socket().abort();
    }

    private WebSocket socket() {
        if (socket == null) {
            throw new IllegalStateException("not open");
        }
        return socket;
    }

    private static List<JsonNode> items(JsonNode list) {
        List<JsonNode> items = new CopyOnWriteArrayList<>();
        list.forEach(items::add);
        return items;
    }
}
