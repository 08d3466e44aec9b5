package io.sonde.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sonde.app.tokens.NewToken;
import io.sonde.app.tokens.TokenTable;
import io.sonde.core.Scope;
import io.sonde.testkit.PostgresServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What probes are told to measure, over HTTP, with tokens of all kinds. */
class ProbeConfigIT {
    private static final PostgresServer.Database DATABASE =
            PostgresServer.shared().newDatabase();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String CONFIG = "{\"targets\":[\"https://a.test/\"],\"interval\":\"10s\"}";
    private static final String OTHER = "{\"targets\":[\"https://b.test/\"]}";

    private static Node node;
    private static String admin;
    private static String reader;
    private static String berlin;

    @BeforeAll
    static void start() {
        node = Node.start(TestNode.config(DATABASE, Map.of("sonde.bus", "direct")));
        admin = token("default", Scope.ADMIN, null);
        reader = token("default", Scope.READ, null);
        berlin = token("default", Scope.INGEST, "berlin-1");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void whatIsPutIsWhatTheProbeGetsAndOnlyOnce() throws Exception {
        HttpResponse<String> put =
                send("PUT", "berlin-1", admin, " {\"interval\": \"10s\", \"targets\":[\"https://a.test/\"]} ");
        HttpResponse<String> got = send("GET", "berlin-1", berlin, "");
        String etag = etag(got);
        HttpResponse<String> again = send("GET", "berlin-1", berlin, "", "If-None-Match", etag);

        assertThat(put.statusCode()).isIn(200, 201);
        assertThat(got.body()).isEqualTo(CONFIG);
        assertThat(etag(put)).isEqualTo(etag);
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        send("PUT", "berlin-1", admin, OTHER);
        assertThat(send("GET", "berlin-1", berlin, "", "If-None-Match", etag).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aProbesTokenReadsWhatItsOwnClientIsToldAndNoOther() throws Exception {
        send("PUT", "rome-1", admin, CONFIG);
        String anyClient = token("default", Scope.INGEST, null);

        assertThat(send("GET", "rome-1", berlin, "").statusCode()).isEqualTo(403);
        assertThat(send("GET", "default", berlin, "").statusCode()).isEqualTo(403);
        assertThat(send("GET", "rome-1", anyClient, "").statusCode()).isEqualTo(403);
        assertThat(send("GET", "rome-1", reader, "").statusCode()).isEqualTo(200);
        assertThat(send("GET", "rome-1", token("other", Scope.INGEST, "rome-1"), "")
                        .statusCode())
                .as("another tenant's")
                .isEqualTo(404);
    }

    @Test
    void eachChangeIsInTheAuditWithWhatItWasBefore() throws Exception {
        String tenant = "t-" + UUID.randomUUID();
        String theirs = token(tenant, Scope.ADMIN, null);
        send("PUT", "oslo-1", theirs, CONFIG);
        send("PUT", "oslo-1", theirs, OTHER);
        send("PUT", "oslo-1", theirs, CONFIG, "If-Match", "\"another\"");
        send("DELETE", "oslo-1", theirs, "");

        JsonNode audit = json(get("/api/v1/audit?what=probe-config", theirs)).path("audit");

        assertThat(audit.findValuesAsText("what"))
                .containsExactly("probe-config.remove", "probe-config.set", "probe-config.set");
        assertThat(audit.findValuesAsText("subject")).containsOnly("oslo-1");
        assertThat(audit.path(1).path("before")).isEqualTo(new ObjectMapper().readTree(CONFIG));
        assertThat(audit.path(1).path("after")).isEqualTo(new ObjectMapper().readTree(OTHER));
    }

    @Test
    void onlyAdministratorsChangeIt() throws Exception {
        for (String token : List.of(reader, berlin, token("default", Scope.OPERATE, null))) {
            assertThat(send("PUT", "berlin-1", token, CONFIG).statusCode()).isEqualTo(403);
            assertThat(send("DELETE", "berlin-1", token, "").statusCode()).isEqualTo(403);
        }
    }

    @Test
    void whoHasNoneOfItsOwnGetsTheDefaultAndWithoutOneNothing() throws Exception {
        String tenant = "t-" + UUID.randomUUID();
        String theirs = token(tenant, Scope.ADMIN, null);
        String probe = token(tenant, Scope.INGEST, "oslo-1");

        HttpResponse<String> nothing = send("GET", "oslo-1", probe, "");
        send("PUT", "default", theirs, OTHER);
        HttpResponse<String> common = send("GET", "oslo-1", probe, "");
        send("PUT", "oslo-1", theirs, CONFIG);
        HttpResponse<String> own = send("GET", "oslo-1", probe, "");
        HttpResponse<String> taken = send("DELETE", "oslo-1", theirs, "");

        assertThat(nothing.statusCode()).isEqualTo(404);
        assertThat(json(nothing).path("type").asText()).isEqualTo("/problems/no-probe-config");
        assertThat(common.body()).isEqualTo(OTHER);
        assertThat(common.headers().firstValue("Sonde-Config-Of")).contains("default");
        assertThat(own.body()).isEqualTo(CONFIG);
        assertThat(own.headers().firstValue("Sonde-Config-Of")).contains("own");
        assertThat(taken.statusCode()).isEqualTo(200);
        assertThat(send("GET", "oslo-1", probe, "").body()).isEqualTo(OTHER);
        assertThat(send("DELETE", "oslo-1", theirs, "").statusCode()).isEqualTo(404);
    }

    @Test
    void aChangeOfWhatSomebodyElseHasChangedMeanwhileIsRefused() throws Exception {
        String mine = etag(send("PUT", "lima-1", admin, CONFIG));
        String theirs = etag(send("PUT", "lima-1", admin, OTHER));

        assertThat(send("PUT", "lima-1", admin, CONFIG, "If-Match", mine).statusCode())
                .isEqualTo(412);
        assertThat(send("DELETE", "lima-1", admin, "", "If-Match", mine).statusCode())
                .isEqualTo(412);
        assertThat(send("PUT", "lima-1", admin, CONFIG, "If-None-Match", "*").statusCode())
                .isEqualTo(412);
        assertThat(send("PUT", "nowhere", admin, CONFIG, "If-Match", mine).statusCode())
                .isEqualTo(412);
        assertThat(send("GET", "lima-1", reader, "").body()).isEqualTo(OTHER);
        assertThat(send("PUT", "lima-1", admin, CONFIG, "If-Match", theirs).statusCode())
                .isEqualTo(200);
    }

    @Test
    void ofManyWhoMakeTheFirstOneAtOnceOneDoes() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            all.add(HTTP.sendAsync(
                    request(
                            "PUT",
                            "crowd-1",
                            admin,
                            "{\"targets\":[\"https://" + i + ".test/\"]}",
                            "If-None-Match",
                            "*"),
                    BodyHandlers.ofString()));
        }

        assertThat(all.stream().map(answer -> answer.join().statusCode()))
                .containsOnlyOnce(201)
                .containsOnly(201, 412);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"targets\":[\"ftp://a/\"]}|targets",
                "{\"targets\":[\"http://a/\"],\"interval\":\"1ms\"}|interval",
                "{\"targets\":[\"http://a/\"],\"token\":\"x\"}|token",
                "{\"targets\":[\"http://169.254.169.254/\"]}|targets",
                "{\"targets\":[\"http://2130706433/\"]}|targets",
                "nonsense|body"
            })
    void whatNoProbeWouldTakeIsRefusedByItsField(String body, String field) throws Exception {
        HttpResponse<String> answer = send("PUT", "bad-1", admin, body);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
        assertThat(json(answer).path("parameter").asText()).isEqualTo(field);
        assertThat(json(answer).at("/errors/0/parameter").asText()).isEqualTo(field);
        assertThat(send("GET", "bad-1", reader, "").statusCode()).isEqualTo(404);
    }

    @Test
    void moreThanAProbeReadsIsTooLarge() throws Exception {
        String body = "{\"targets\":[\"http://a/" + "x".repeat(600_000) + "\"]}";

        assertThat(send("PUT", "bad-1", admin, body).statusCode()).isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(strings = {"b%C3%BCro%2F1", "a%20b", "%F0%9F%92%A9", "%27%3B--", "a%3Fb%23c"})
    void clientsOfAnyNameHaveOne(String id) throws Exception {
        assertThat(send("PUT", id, admin, CONFIG).statusCode()).isEqualTo(201);
        assertThat(send("GET", id, reader, "").body()).isEqualTo(CONFIG);
    }

    @Test
    void probesAreListedWithWhatTheyAreToldAndWhetherTheyDoIt() throws Exception {
        String probe = token("default", Scope.INGEST, "kyiv-1");
        String etag = etag(send("PUT", "kyiv-1", admin, CONFIG));
        String told = listed("kyiv-1").path("state").asText();
        send("GET", "kyiv-1", probe, "", "Sonde-Applied", "own", "User-Agent", "sonde-probe/1.2.3");
        JsonNode asked = listed("kyiv-1");
        send("GET", "kyiv-1", probe, "", "Sonde-Applied", etag, "User-Agent", "sonde-probe/1.2.3");
        JsonNode applied = listed("kyiv-1");
        send("PUT", "kyiv-1", admin, OTHER);

        assertThat(told).isEqualTo("never");
        assertThat(asked.path("state").asText()).isEqualTo("pending");
        assertThat(applied.path("state").asText()).isEqualTo("applied");
        assertThat(applied.path("version").asText()).isEqualTo("1.2.3");
        assertThat(applied.path("config").path("target_count").asInt()).isEqualTo(1);
        assertThat(applied.path("config").path("targets").path(0).asText()).isEqualTo("https://a.test/");
        assertThat(applied.path("config").path("interval").asText()).isEqualTo("10s");
        assertThat(applied.path("config").path("of").asText()).isEqualTo("own");
        assertThat(applied.path("last_window_ts").isNull()).isTrue();
        assertThat(listed("kyiv-1").path("state").asText()).isEqualTo("pending");
    }

    @Test
    void aClientThatOnlyPostsIsListedTooWithItsNewestWindow() throws Exception {
        long minute = System.currentTimeMillis() / 60_000 * 60_000 - 60_000;
        String event =
                "{\"schema_version\":1,\"event_id\":\"%s\",\"client_id\":\"bern-1\",\"target\":\"http://a/\",\"ts_ms\":%d}"
                        .formatted(UUID.randomUUID(), minute);
        var post = HttpRequest.newBuilder(URI.create(url() + "/api/v1/events"))
                .header("Authorization", "Bearer " + admin)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(event));
        assertThat(HTTP.send(post.build(), BodyHandlers.ofString()).statusCode())
                .isEqualTo(202);

        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        !json(list(reader, "?contains=bern-1")).path("probes").isEmpty());

        JsonNode bern = listed("bern-1");
        assertThat(Instant.parse(bern.path("last_window_ts").asText())).isEqualTo(Instant.ofEpochMilli(minute));
        assertThat(bern.path("state").asText()).isIn("own", "never");
        assertThat(bern.path("silent_since").isNull()).isTrue();
        assertThat(bern.path("asked_at").isNull()).isTrue();
    }

    @Test
    void pagesOfProbesHaveEachOnceAndNoOtherTenants() throws Exception {
        String tenant = "t-" + UUID.randomUUID();
        String theirs = token(tenant, Scope.ADMIN, null);
        for (String id : List.of("c-3", "c-1", "c-2", "default")) {
            send("PUT", id, theirs, CONFIG);
        }

        JsonNode first = json(list(theirs, "?limit=2"));
        JsonNode second =
                json(list(theirs, "?limit=2&cursor=" + first.path("next").asText()));

        assertThat(first.path("probes").findValuesAsText("client_id")).containsExactly("c-1", "c-2");
        assertThat(second.path("probes").findValuesAsText("client_id")).containsExactly("c-3");
        assertThat(second.has("next")).isFalse();
        assertThat(json(list(theirs, "?contains=C-2")).path("probes").findValuesAsText("client_id"))
                .containsExactly("c-2");
        assertThat(list(theirs, "?cursor=x").statusCode()).isEqualTo(400);
        assertThat(list(berlin, "").statusCode()).isEqualTo(403);
    }

    private static JsonNode listed(String id) throws Exception {
        for (JsonNode probe : json(list(reader, "?contains=" + id)).path("probes")) {
            if (probe.path("client_id").asText().equals(id)) {
                return probe;
            }
        }
        throw new AssertionError(id + " is not listed");
    }

    private static HttpResponse<String> list(String token, String query) throws Exception {
        return get("/api/v1/probes" + query, token);
    }

    private static HttpResponse<String> get(String path, String token) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(url() + path)).header("Authorization", "Bearer " + token);
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> send(String method, String id, String token, String body, String... headers)
            throws Exception {
        return HTTP.send(request(method, id, token, body, headers), BodyHandlers.ofString());
    }

    private static HttpRequest request(String method, String id, String token, String body, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(url() + "/api/v1/probes/" + id + "/config"))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .header("Authorization", "Bearer " + token);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }

    private static String etag(HttpResponse<String> answer) {
        return answer.headers().firstValue("ETag").orElseThrow();
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        return new ObjectMapper().readTree(answer.body());
    }

    private static String token(String tenant, Scope scope, @Nullable String client) {
        return new TokenTable(DATABASE.dataSource(), Clock.systemUTC(), new SecureRandom())
                .create(new NewToken(tenant, scope, client, "", null))
                .token()
                .text();
    }

    private static String url() {
        return "http://127.0.0.1:" + node.httpPort();
    }
}
