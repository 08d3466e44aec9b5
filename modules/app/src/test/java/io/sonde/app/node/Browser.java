package io.sonde.app.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** What a page in a browser does: keeps the cookie, and shows the CSRF token with each request. */
final class Browser {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Node node;
    private final Map<String, String> headers = new LinkedHashMap<>();

    Browser(Node node) {
        this.node = node;
        headers.put("Content-Type", "application/json");
    }

    /** An answer; a header that is not there is empty. */
    record Answer(int status, JsonNode body, Map<String, List<String>> headers) {
        String header(String name) {
            return all(name).stream().findFirst().orElse("");
        }

        List<String> all(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
        }
    }

    Browser with(String header, String value) {
        headers.put(header, value);
        return this;
    }

    /** The same session at another node. */
    Browser at(Node another) {
        Browser same = new Browser(another);
        same.headers.putAll(headers);
        return same;
    }

    Answer signIn(String name, String password) {
        Answer answer = send("POST", "/api/v1/session", credentials(name, password));
        if (answer.status() == 200) {
            accept(answer);
        }
        return answer;
    }

    CompletableFuture<Integer> signInLater(String name, String password) {
        return HTTP.sendAsync(
                        request("POST", "/api/v1/session", credentials(name, password)), BodyHandlers.discarding())
                .thenApply(HttpResponse::statusCode);
    }

    /** Goes on with the session that an answer brought. */
    Browser accept(Answer answer) {
        with("Cookie", answer.header("Set-Cookie").split(";", 2)[0]);
        return with("X-CSRF-Token", answer.body().path("csrf_token").asText());
    }

    Answer get(String path) {
        return send("GET", path, "");
    }

    /** @param body empty for none */
    Answer send(String method, String path, String body) {
        try {
            HttpResponse<String> answer = HTTP.send(request(method, path, body), BodyHandlers.ofString());
            return new Answer(
                    answer.statusCode(), json(answer.body()), answer.headers().map());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private HttpRequest request(String method, String path, String body) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.httpPort() + path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return request.build();
    }

    private static JsonNode json(String body) throws IOException {
        return body.startsWith("{") ? JSON.readTree(body) : MissingNode.getInstance();
    }

    private static String credentials(String name, String password) {
        return JSON.createObjectNode()
                .put("name", name)
                .put("password", password)
                .toString();
    }
}
