package io.sonde.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
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
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What comes to the door of a whole node and means no good. */
class DoorIT {
    private static final ListAppender<ILoggingEvent> LOGGED = logged();
    private static final PostgresServer.Database DATABASE =
            PostgresServer.shared().newDatabase();
    private static final String PROBE = token(Scope.INGEST);
    private static final String READER = token(Scope.READ);
    private static final List<String> TOKENS = List.of(
            "sonde_admin_" + "0".repeat(43) + "_00000000", PROBE, READER, token(Scope.OPERATE), token(Scope.ADMIN));
    private static final Node NODE = Node.start(TestNode.config(DATABASE, Map.of()));
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @AfterAll
    static void stop() {
        NODE.close();
        root().detachAppender(LOGGED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'", "\"", "'; DROP TABLE token; --", "%' OR '1'='1", "\\", "$1", "?", "{", "_%"})
    void whatMeansSomethingInSqlIsATextLikeAnyOther(String text) throws Exception {
        for (String path : List.of("windows", "live", "series", "clients", "targets")) {
            for (String name :
                    List.of("client_id", "target", "search", "from", "to", "resolution", "limit", "cursor")) {
                String value = URLEncoder.encode(text, StandardCharsets.UTF_8);
                String other = name.equals("client_id") ? "target=t" : "client_id=c";

                HttpResponse<String> answer =
                        send("/api/v1/" + path + "?" + name + "=" + value + "&" + other, READER, "");

                assertThat(answer.statusCode())
                        .as(path + " " + name + " " + answer.body())
                        .isIn(200, 400);
            }
        }
        assertThat(send(
                                "/api/v1/events",
                                PROBE,
                                event(text.replace("\\", "\\\\").replace("\"", "\\\"")))
                        .statusCode())
                .isEqualTo(202);
        assertThat(send("/api/v1/series", READER, "").statusCode()).isEqualTo(200);
    }

    @Test
    void noTokenIsLogged() throws Exception {
        for (String token : TOKENS) {
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

    private static String token(Scope scope) {
        return new TokenTable(DATABASE.dataSource(), Clock.systemUTC(), new SecureRandom())
                .create(new NewToken("default", scope, null, "", null))
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
}
