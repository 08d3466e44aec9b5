package io.sonde.app.node;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.completeWithFuture;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.path;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sonde.app.metrics.NodeMetrics;
import io.sonde.edge.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;

/** {@code /healthz}: the process lives. {@code /readyz}: it can do its work, and if not, what is missing. */
final class Health {
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;

    private final List<HealthCheck> checks;
    private volatile boolean stopping;

    Health(List<HealthCheck> checks) {
        this.checks = List.copyOf(checks);
    }

    Route route() {
        return get(() -> concat(
                path("healthz", () -> complete(answer(OK, "{\"status\":\"alive\"}"))),
                path("readyz", () -> completeWithFuture(ready()))));
    }

    /** From now on it says that it is not ready, for whoever spreads requests over the nodes. */
    void stopping() {
        stopping = true;
    }

    /** Of each what was found last; nobody is waited for. */
    List<NodeMetrics.Need> lastFound() {
        return checks.stream()
                .flatMap(check -> check.lastFound().stream())
                .map(found -> new NodeMetrics.Need(found.name(), found.essential(), found.ok()))
                .toList();
    }

    private CompletionStage<HttpResponse> ready() {
        List<CompletableFuture<HealthCheck.State>> asked = checks.stream()
                .map(check -> check.state().toCompletableFuture())
                .toList();
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .thenApply(all ->
                        answer(asked.stream().map(CompletableFuture::join).toList()));
    }

    private HttpResponse answer(List<HealthCheck.State> found) {
        boolean stops = stopping;
        boolean ready = !stops && found.stream().allMatch(check -> check.ok() || !check.essential());
        return answer(ready ? OK : UNAVAILABLE, Json.object(json -> {
            json.writeStringField("status", stops ? "stopping" : ready ? "ready" : "not ready");
            json.writeArrayFieldStart("checks");
            for (HealthCheck.State check : found) {
                write(check, json);
            }
            json.writeEndArray();
        }));
    }

    private static void write(HealthCheck.State check, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", check.name());
        json.writeBooleanField("ok", check.ok());
        json.writeBooleanField("essential", check.essential());
        json.writeStringField("since", Instant.ofEpochMilli(check.sinceMs()).toString());
        json.writeStringField("at", Instant.ofEpochMilli(check.atMs()).toString());
        json.writeNumberField("ms", check.tookMs());
        json.writeStringField("detail", check.detail());
        json.writeEndObject();
    }

    private static HttpResponse answer(int status, String json) {
        return HttpResponse.create()
                .withStatus(status)
                .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, json));
    }
}
