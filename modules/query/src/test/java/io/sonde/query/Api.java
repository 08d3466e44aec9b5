package io.sonde.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sonde.core.Counters;
import io.sonde.core.Grant;
import io.sonde.core.OpenWindows;
import io.sonde.core.Scope;
import io.sonde.edge.Access;
import io.sonde.edge.EdgeServer;
import io.sonde.qoe.QoeKind;
import io.sonde.views.ViewsSettings;
import io.sonde.views.WindowQueries;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.ServerBinding;

/** The routes behind a port of their own, at a time that stands still. Tokens are {@code <scope>-<tenant>}. */
final class Api implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

    final Counters counters = new Counters();
    final AtomicLong watermarkMs = new AtomicLong(NOW.toEpochMilli());
    final QueryRoutes routes;

    private final ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "query");
    private final WindowQueries queries;
    private final ServerBinding binding;
    private final HttpClient client = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();

    Api(DataSource dataSource, OpenWindows open) throws Exception {
        queries =
                new WindowQueries(dataSource, ViewsSettings.of(system.settings().config()));
        routes = new QueryRoutes(
                new Access(token -> CompletableFuture.completedFuture(grant(token)), counters),
                QoeKind.KIND,
                queries,
                open,
                watermarkMs::get,
                counters,
                Clock.fixed(NOW, ZoneOffset.UTC));
        binding = EdgeServer.plain("127.0.0.1", 0)
                .bind(system, routes.routes())
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    /** An answer. */
    record Answer(int status, String contentType, JsonNode body) {
        String text(String member) {
            return body.path(member).asText();
        }
    }

    Answer get(String pathAndQuery) {
        return get(pathAndQuery, "read-default");
    }

    Answer get(String pathAndQuery, String token) {
        return send("GET", pathAndQuery, token);
    }

    Answer send(String method, String pathAndQuery, String token) {
        HttpResponse<byte[]> response = raw(method, pathAndQuery, token);
        try {
            return new Answer(
                    response.statusCode(),
                    response.headers().firstValue("content-type").orElse(""),
                    json.readTree(response.body()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What was answered, as it came. */
    HttpResponse<byte[]> raw(String method, String pathAndQuery, String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + pathAndQuery))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    int port() {
        return binding.localAddress().getPort();
    }

    static String escape(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        queries.close();
        binding.unbind().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
        system.terminate();
        system.getWhenTerminated()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    private static Optional<Grant> grant(String token) {
        String[] parts = token.split("-", 2);
        return parts.length == 2
                ? Optional.of(new Grant("t", parts[1], Scope.valueOf(parts[0].toUpperCase(Locale.ROOT)), null))
                : Optional.empty();
    }
}
