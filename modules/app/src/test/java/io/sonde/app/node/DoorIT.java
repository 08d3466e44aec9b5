package io.sonde.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sonde.app.tokens.NewToken;
import io.sonde.app.tokens.TokenTable;
import io.sonde.core.Scope;
import io.sonde.testkit.PostgresServer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Who may do what at a whole node: each route that the node says it has, by each kind of token. */
class DoorIT {
    private static final Set<String> OPEN = Set.of("/api/openapi.json", "/healthz", "/readyz", "/metrics");
    private static final ListAppender<ILoggingEvent> LOGGED = logged();
    private static final PostgresServer.Database DATABASE =
            PostgresServer.shared().newDatabase();
    private static final Map<Holder, String> TOKENS = Map.of(
            Holder.NOBODY, "",
            Holder.GUESSER, "sonde_admin_" + "0".repeat(43) + "_00000000",
            Holder.PROBE, token(Scope.INGEST, null),
            Holder.PROBE_OF_ANOTHER_CLIENT, token(Scope.INGEST, "paris-1"),
            Holder.READER, token(Scope.READ, null),
            Holder.OPERATOR, token(Scope.OPERATE, null),
            Holder.ADMINISTRATOR, token(Scope.ADMIN, null));
    private static final Node NODE = Node.start(TestNode.config(DATABASE, Map.of()));
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private enum Holder {
        NOBODY,
        GUESSER,
        PROBE,
        PROBE_OF_ANOTHER_CLIENT,
        READER,
        OPERATOR,
        ADMINISTRATOR
    }

    @AfterAll
    static void stop() {
        NODE.close();
        root().detachAppender(LOGGED);
    }

    @ParameterizedTest
    @EnumSource(Holder.class)
    void eachRouteLetsInWhomItIsForAndNobodyElse(Holder holder) throws Exception {
        for (String path : paths()) {
            boolean ingest = path.equals("/api/v1/events");

            int status =
                    send(path, token(holder), ingest ? event("berlin-1") : "").statusCode();

            assertThat(status).as(holder + " at " + path).satisfies(code -> {
                switch (expected(holder, path)) {
                    case 401 -> assertThat(code).isEqualTo(401);
                    case 403 -> assertThat(code).isEqualTo(403);
                    default -> assertThat(code).isIn(200, 202, 400, path.contains("/unknown") ? 404 : 200);
                }
            });
        }
    }

    @ParameterizedTest
    @EnumSource(Holder.class)
    void ordersAreForOperatorsAndAdministrators(Holder holder) throws Exception {
        int expected =
                switch (holder) {
                    case NOBODY, GUESSER -> 401;
                    case PROBE, PROBE_OF_ANOTHER_CLIENT, READER -> 403;
                    case OPERATOR, ADMINISTRATOR -> 404;
                };
        int ofAdministrators = holder == Holder.OPERATOR ? 403 : expected;

        assertThat(order("POST", "/api/v1/incidents/unknown/ack", token(holder)))
                .isEqualTo(expected);
        assertThat(order("DELETE", "/api/v1/silences/unknown", token(holder))).isEqualTo(expected);
        assertThat(order("DELETE", "/api/v1/log-levels/un.known", token(holder)))
                .isEqualTo(ofAdministrators);
        assertThat(order("PUT", "/api/v1/log-levels/un.known", token(holder)))
                .isEqualTo(ofAdministrators == 404 ? 400 : ofAdministrators);
        for (String order : List.of("PUT /api/v1/settings/thresholds", "POST /api/v1/settings/thresholds/preview")) {
            assertThat(order(order.split(" ")[0], order.split(" ")[1], token(holder)))
                    .isEqualTo(ofAdministrators == 404 ? 400 : ofAdministrators);
        }
        assertThat(order("DELETE", "/api/v1/probes/unknown/config", token(holder)))
                .isEqualTo(ofAdministrators);
        assertThat(order("PUT", "/api/v1/probes/unknown/config", token(holder)))
                .isEqualTo(ofAdministrators == 404 ? 400 : ofAdministrators);
        assertThat(order("POST", "/api/v1/silences", token(holder))).isEqualTo(expected == 404 ? 400 : expected);
    }

    private static int order(String method, String path, String token) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + NODE.httpPort() + path))
                .method(method, BodyPublishers.noBody());
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString()).statusCode();
    }

    private static int expected(Holder holder, String path) {
        if (OPEN.contains(path)) {
            return 200;
        }
        return switch (holder) {
            case NOBODY, GUESSER -> 401;
            case PROBE -> path.equals("/api/v1/events") ? 202 : 403;
            case PROBE_OF_ANOTHER_CLIENT -> 403;
            case READER, OPERATOR ->
                Set.of("/api/v1/events", "/api/v1/counters", "/api/v1/log-levels", "/api/v1/settings")
                                .contains(path)
                        ? 403
                        : 200;
            case ADMINISTRATOR -> 200;
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"'", "\"", "'; DROP TABLE token; --", "%' OR '1'='1", "\\", "$1", "?", "{", "_%"})
    void whatMeansSomethingInSqlIsATextLikeAnyOther(String text) throws Exception {
        String reader = token(Holder.READER);
        for (String path : List.of("windows", "live", "series", "clients", "targets")) {
            for (String name :
                    List.of("client_id", "target", "search", "from", "to", "resolution", "limit", "cursor")) {
                String value = URLEncoder.encode(text, StandardCharsets.UTF_8);
                String other = name.equals("client_id") ? "target=t" : "client_id=c";

                HttpResponse<String> answer =
                        send("/api/v1/" + path + "?" + name + "=" + value + "&" + other, reader, "");

                assertThat(answer.statusCode())
                        .as(path + " " + name + " " + answer.body())
                        .isIn(200, 400);
            }
        }
        assertThat(send(
                                "/api/v1/events",
                                token(Holder.PROBE),
                                event(text.replace("\\", "\\\\").replace("\"", "\\\"")))
                        .statusCode())
                .isEqualTo(202);
        assertThat(send("/api/v1/series", reader, "").statusCode()).isEqualTo(200);
    }

    @Test
    void noTokenIsLogged() throws Exception {
        for (String token : TOKENS.values()) {
            send("/api/v1/events", token, "{broken");
            send("/api/v1/windows?from=x&client_id=" + token, token, "");
            send("/api/v1/counters?token=" + token, "x" + token, "");
        }

        List<String> lines = new ArrayList<>();
        for (ILoggingEvent event : LOGGED.list) {
            lines.add(event.getFormattedMessage());
        }
        assertThat(lines)
                .isNotEmpty()
                .noneMatch(line -> line.matches("(?s).*sonde_(ingest|read|operate|admin)_[0-9A-Za-z]{8}.*"));
    }

    private static List<String> paths() throws Exception {
        JsonNode document =
                new ObjectMapper().readTree(send("/api/openapi.json", "", "").body());
        List<String> paths = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            if (path.getKey().equals("/api/v1/events") || path.getValue().has("get")) {
                paths.add(path.getKey().replace("{id}", "unknown"));
            }
        }
        assertThat(paths).contains("/api/v1/events", "/api/v1/counters");
        return paths;
    }

    private static HttpResponse<String> send(String path, String token, String body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + NODE.httpPort() + path));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (path.equals("/api/v1/events")) {
            request.header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private static String event(String client) {
        return "{\"schema_version\":1,\"event_id\":\"%s\",\"client_id\":\"%s\",\"target\":\"http://a/\",\"ts_ms\":%d}"
                .formatted(UUID.randomUUID(), client, System.currentTimeMillis());
    }

    private static String token(Scope scope, @Nullable String client) {
        return new TokenTable(DATABASE.dataSource(), Clock.systemUTC(), new SecureRandom())
                .create(new NewToken("default", scope, client, "", null))
                .token()
                .text();
    }

    /** All that is said, also what nobody usually asks for. */
    private static ListAppender<ILoggingEvent> logged() {
        var appender = new ListAppender<ILoggingEvent>();
        appender.start();
        root().addAppender(appender);
        ((LoggerContext) LoggerFactory.getILoggerFactory())
                .getLogger("io.sonde")
                .setLevel(Level.DEBUG);
        return appender;
    }

    private static Logger root() {
        return ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(Logger.ROOT_LOGGER_NAME);
    }

    private static String token(Holder holder) {
        return Objects.requireNonNull(TOKENS.get(holder));
    }
}
