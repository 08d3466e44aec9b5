package io.sonde.app.node;

import static io.sonde.app.node.StreamReader.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sonde.app.tokens.NewToken;
import io.sonde.app.tokens.TokenTable;
import io.sonde.core.Scope;
import io.sonde.testkit.PostgresServer;
import io.sonde.testkit.SondeClient;
import java.io.IOException;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The stream of a node whose times are short; each test has clients and a tenant's token of its own. */
class StreamIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final PostgresServer.Database DATABASE =
            PostgresServer.shared().newDatabase();
    private static final TokenTable TOKENS =
            new TokenTable(DATABASE.dataSource(), Clock.systemUTC(), new SecureRandom());
    private static final SondeClient ADMIN = new SondeClient(DATABASE.dataSource(), TestNode.adminToken(DATABASE));
    private static final int HEARTBEAT_MS = 500;
    private static final int IDLE_S = 2;
    private static final Node NODE = Node.start(TestNode.config(
            DATABASE,
            Map.of(
                    "sonde.bus",
                    "direct",
                    "sonde.diagnosis.incident.opens",
                    "1",
                    "sonde.problems.look-every",
                    "200ms",
                    "sonde.edge.server.idle-timeout",
                    IDLE_S + "s",
                    "sonde.stream.heartbeat",
                    HEARTBEAT_MS + "ms",
                    "sonde.stream.check-rights",
                    "200ms",
                    "sonde.stream.silent-after",
                    "1s",
                    "sonde.stream.max-streams-per-holder",
                    "3",
                    "sonde.stream.max-waiting",
                    "100")));

    @AfterAll
    static void stop() {
        NODE.close();
    }

    @Test
    void whoSubscribesIsToldOfEachWindowThatClosesAsItCanBeAskedFor() throws Exception {
        try (StreamReader reader = StreamReader.open(NODE, read("default"))) {
            reader.subscribe("w", "windows", ",\"client_id\":\"whole-*\"");

            post("whole-1", List.of("http://a/", "http://b/"), 5);
            post("whole-2", List.of("http://a/"), 3);

            await().atMost(SOON).until(() -> reader.items("w").size() >= 3);
            List<JsonNode> stored = windows("whole-1");
            stored.addAll(windows("whole-2"));
            assertThat(reader.items("w")).hasSameSizeAs(stored).allSatisfy(told -> assertThat(stored)
                    .as("%s", told)
                    .anySatisfy(row -> told.properties().forEach(member -> assertThat(row.get(member.getKey()))
                            .as(member.getKey())
                            .isEqualTo(member.getValue()))));
            assertThat(reader.items("w").get(0).has("ttfb_p95")).isTrue();
        }
    }

    @Test
    void aFilterLetsThroughWhatItNamesAndASubscriptionThatIsEndedNothing() throws Exception {
        try (StreamReader reader = StreamReader.open(NODE, read("default"))) {
            reader.subscribe("exact", "windows", ",\"client_id\":\"sieve-1\",\"target\":\"http://a/\"");
            reader.subscribe("glob", "windows", ",\"client_id\":\"sieve-*\",\"target\":\"*b/\"");
            reader.subscribe("all", "windows", ",\"client_id\":\"sieve-*\"");
            reader.subscribe("ended", "windows", ",\"client_id\":\"sieve-*\"");
            reader.ask("{\"unsubscribe\":{\"id\":\"ended\"}}");
            reader.first(message -> message.has("unsubscribed"));

            post("sieve-1", List.of("http://a/", "http://b/"), 1);
            post("sieve-2", List.of("http://a/", "http://b/"), 1);

            await().atMost(SOON).until(() -> reader.items("all").size() == 4);
            assertThat(names(reader.items("exact"))).containsExactly("sieve-1 http://a/");
            assertThat(names(reader.items("glob"))).containsExactlyInAnyOrder("sieve-1 http://b/", "sieve-2 http://b/");
            assertThat(reader.items("ended")).isEmpty();
        }
    }

    @Test
    void aTenantIsToldOfItsOwnAlone() throws Exception {
        try (StreamReader own = StreamReader.open(NODE, read("default"));
                StreamReader foreign = StreamReader.open(NODE, read("other"))) {
            for (String channel : List.of("windows", "incidents", "problems", "clients")) {
                own.subscribe(channel, channel, ",\"client_id\":\"secret-1\"");
                foreign.subscribe(channel, channel, "");
            }

            fail("secret-1", "http://fails/");

            for (String channel : List.of("windows", "incidents", "problems", "clients")) {
                await(channel).atMost(SOON).until(() -> !own.items(channel).isEmpty());
                assertThat(foreign.items(channel)).as(channel).isEmpty();
            }
        }
    }

    @Test
    void incidentsProblemsAndWhoFellSilentAreToldAsTheyCanBeAskedFor() throws Exception {
        try (StreamReader reader = StreamReader.open(NODE, read("default"))) {
            reader.subscribe("i", "incidents", ",\"client_id\":\"ill-1\"");
            reader.subscribe("p", "problems", ",\"target\":\"http://ill/\"");
            reader.subscribe("c", "clients", ",\"client_id\":\"ill-1\"");

            fail("ill-1", "http://ill/");

            await().atMost(SOON).until(() -> !reader.items("i").isEmpty());
            JsonNode told = reader.items("i").get(0);
            JsonNode incident = get("/api/v1/incidents/" + told.path("id").asText());
            told.properties().forEach(member -> assertThat(incident.get(member.getKey()))
                    .as(member.getKey())
                    .isEqualTo(member.getValue()));
            assertThat(told.path("label").asText()).isEqualTo("resolver-failure");
            await().atMost(SOON).until(() -> !reader.items("p").isEmpty());
            String problem = reader.items("p").get(0).path("id").asText();
            assertThat(get("/api/v1/problems/" + problem).path("state").asText())
                    .isEqualTo("open");
            await().atMost(SOON).until(() -> reader.items("c").size() >= 2);
            assertThat(reader.items("c").get(0).path("silent_since").isNull()).isTrue();
            assertThat(reader.items("c").get(1).path("silent_since").isTextual())
                    .isTrue();
            assertThat(reader.items("c").get(1).path("last_window_ts"))
                    .isEqualTo(reader.items("c").get(0).path("last_window_ts"));
        }
    }

    @Test
    void aSlowReaderIsSkippedAndToldSoAndDisturbsNobody() throws Exception {
        List<String> targets = IntStream.range(0, 40)
                .mapToObj(i -> "http://slow/" + i + "/" + "x".repeat(1_900))
                .toList();
        try (StreamReader other = StreamReader.open(NODE, read("default"));
                RawStream slow = RawStream.open(NODE, read("default"), 4_096)) {
            other.subscribe("w", "windows", ",\"client_id\":\"crowd-*\"");
            for (int i = 0; i < 16; i++) {
                slow.send("{\"subscribe\":{\"id\":\"" + i + "\",\"channel\":\"windows\",\"client_id\":\"crowd-*\"}}");
            }
            slow.readUntil("\"subscribed\":{\"id\":\"15\"");
            slow.staysThere();

            for (int i = 0; i < 25; i++) {
                post("crowd-" + i, targets, 1);
            }

            await().atMost(SOON).until(() -> other.items("w").size() == 25 * targets.size());
            assertThat(other.count("skipped")).isZero();
            assertThat(metric("sonde_stream_skipped_total")).isPositive();
            assertThat(slow.readUntil("{\"skipped\":")).isTrue();
        }
    }

    @Test
    void aRevokedTokenEndsItsStreams() throws Exception {
        TokenTable.Issued issued = TOKENS.create(new NewToken("default", Scope.READ, null, "", null));
        try (StreamReader reader = StreamReader.open(NODE, issued.token().text())) {
            TOKENS.revoke("default", issued.stored().id());

            assertThat(reader.ended.get(10, TimeUnit.SECONDS)).isEqualTo(4401);
        }
    }

    @ParameterizedTest
    @CsvSource({"http://evil.example,403", "null,403", "https://127.0.0.1:1,403"})
    void aPageOfAnotherSiteIsRefused(String origin, int status) {
        assertThatThrownBy(() -> StreamReader.open(
                        NODE, read("default"), StreamReader.builder().header("Origin", origin)))
                .cause()
                .isInstanceOfSatisfying(WebSocketHandshakeException.class, refused -> assertThat(
                                refused.getResponse().statusCode())
                        .isEqualTo(status));
    }

    @Test
    void thePageOfTheNodeItselfIsNot() throws Exception {
        String own = "http://127.0.0.1:" + NODE.httpPort();

        try (StreamReader reader =
                StreamReader.open(NODE, read("default"), StreamReader.builder().header("Origin", own))) {
            assertThat(reader.said.get(0).at("/hello/protocol").asInt()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello",
                "[]",
                "{\"subscribe\":7}",
                "{\"subscribe\":{\"id\":\"x\",\"channel\":\"weather\"}}",
                "{\"subscribe\":{\"channel\":\"windows\"}}",
                "{\"subscribe\":{\"id\":\"x\",\"channel\":\"windows\",\"clientid\":\"a\"}}",
                "{\"subscribe\":{\"id\":\"x\",\"channel\":\"clients\",\"target\":\"a\"}}",
                "{\"unsubscribe\":{\"id\":\"unknown\"}}",
                "{\"subscribed\":{}}"
            })
    void aMessageThatIsWrongIsAnsweredWithWhatToDoAndTheStreamGoesOn(String message) {
        try (StreamReader reader = StreamReader.open(NODE, read("default"))) {
            reader.ask(message);

            JsonNode error = reader.first(said -> said.has("error")).path("error");
            assertThat(error.path("type").asText()).startsWith("/problems/");
            assertThat(error.path("detail").asText()).isNotEmpty();
            reader.subscribe("afterwards", "windows", "");
        }
    }

    @Test
    void aMessageThatIsTooLongIsNotReadHoweverItComes() {
        String part = "x".repeat(3_000);
        try (StreamReader reader = StreamReader.open(NODE, read("default"))) {
            reader.ask(List.of(part, part, part));
            reader.ask("{\"subscribe\":{\"id\":\"" + part + part + "\"}}");

            await().atMost(SOON).until(() -> reader.count("error") == 2);
            assertThat(reader.said.stream().flatMap(said -> said.findValuesAsText("type").stream()))
                    .containsOnly("/problems/too-large");
        }
    }

    @Test
    void subscriptionsAreBoundedAndOneCanBeReplaced() {
        try (StreamReader reader = StreamReader.open(NODE, read("default"))) {
            for (int i = 0; i < 16; i++) {
                reader.subscribe("s" + i, "windows", "");
            }

            reader.ask("{\"subscribe\":{\"id\":\"one more\",\"channel\":\"windows\"}}");

            assertThat(reader.first(said -> said.has("error")).at("/error/type").asText())
                    .isEqualTo("/problems/too-many-subscriptions");
            reader.ask("{\"subscribe\":{\"id\":\"s3\",\"channel\":\"problems\"}}");
            reader.first(said -> said.at("/subscribed/channel").asText().equals("problems"));
        }
    }

    @Test
    void whoGoesOnSayingNonsenseIsCutOff() throws Exception {
        try (StreamReader reader = StreamReader.open(NODE, read("default"))) {
            for (int i = 0; i < 21; i++) {
                reader.ask("nonsense");
            }

            assertThat(reader.ended.get(20, TimeUnit.SECONDS)).isEqualTo(1008);
        }
    }

    @Test
    void oneTokenHasSoManyStreamsAndNoMore() throws Exception {
        String token = read("default");
        List<StreamReader> readers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            readers.add(StreamReader.open(NODE, token));
        }

        assertThatThrownBy(() -> StreamReader.open(NODE, token)).hasCauseInstanceOf(WebSocketHandshakeException.class);
        readers.get(0).close();
        await().atMost(SOON).ignoreExceptions().untilAsserted(() -> readers.add(StreamReader.open(NODE, token)));
        readers.forEach(StreamReader::close);
    }

    @Test
    void aStreamOutlastsTheTimesOfRequestsAndAReaderThatIsGoneIsNoticed() throws Exception {
        try (StreamReader reader = StreamReader.open(NODE, read("default"));
                RawStream gone = RawStream.open(NODE, read("default"), 65_536)) {
            gone.readUntil("hello");

            await().atMost(SOON).until(() -> reader.count("heartbeat") > 3L * IDLE_S * 1_000 / HEARTBEAT_MS);
            assertThat(reader.ended).isNotDone();
            assertThat(gone.readUntil("what nobody says")).as("the end of it").isFalse();
        }
    }

    /** Whatever is sent, the node answers the next one. */
    @Test
    void noMessageIsAFaultOfOurs() throws Exception {
        Random random = new Random(7);
        List<String> seeds = List.of(
                "{\"subscribe\":{\"id\":\"w\",\"channel\":\"windows\",\"client_id\":\"a*\",\"target\":\"*\"}}",
                "{\"unsubscribe\":{\"id\":\"w\"}}");
        for (int stream = 0; stream < 12; stream++) {
            try (RawStream raw = RawStream.open(NODE, read("default"), 65_536)) {
                raw.readUntil("hello");
                for (int i = 0; i < 18; i++) {
                    byte[] message = seeds.get(random.nextInt(2)).getBytes(StandardCharsets.UTF_8);
                    for (int flips = random.nextInt(6); flips >= 0; flips--) {
                        message[random.nextInt(message.length)] = (byte) random.nextInt(256);
                    }
                    raw.sendFrame(random.nextInt(5) == 0 ? random.nextInt(256) : 0x81, message);
                }
                raw.readUntil("what nobody says");
            } catch (IOException cutOff) {
                assertThat(cutOff).hasMessageMatching("(?i).*(reset|broken pipe|abort).*");
            }
        }

        try (StreamReader reader = StreamReader.open(NODE, read("default"))) {
            reader.subscribe("w", "windows", "");
        }
        assertThat(metric("sonde_edge_requests_total{method=\"GET\",route=\"/api/v1/stream\",status=\"101\"}"))
                .isGreaterThan(12);
    }

    private static String read(String tenant) {
        return TOKENS.create(new NewToken(tenant, Scope.READ, null, "", null))
                .token()
                .text();
    }

    /** So many good measurements of each target, of the minute before: its windows close at once. */
    private static void post(String client, List<String> targets, int each) throws Exception {
        List<String> events = new ArrayList<>();
        for (String target : targets) {
            for (int i = 0; i < each; i++) {
                events.add(event(
                        client,
                        target,
                        "\"timings\":{\"dns_ms\":%d,\"tcp_ms\":2,\"tls_ms\":3,\"http_ttfb_ms\":40.5}"
                                .formatted(i + 1)));
            }
        }
        accepted(events);
    }

    private static void fail(String client, String target) throws Exception {
        accepted(IntStream.range(0, 10)
                .mapToObj(i -> event(client, target, "\"error_stage\":\"DNS\",\"error_type\":\"nxdomain\""))
                .toList());
    }

    private static void accepted(List<String> events) throws Exception {
        var answer = ADMIN.post(url(), events.stream().collect(Collectors.joining(",", "[", "]")));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }

    private static String event(String client, String target, String measured) {
        return "{\"schema_version\":1,\"event_id\":\"%s\",\"client_id\":\"%s\",\"target\":\"%s\",\"ts_ms\":%d,%s}"
                .formatted(UUID.randomUUID(), client, target, System.currentTimeMillis() - 60_000, measured);
    }

    private static List<String> names(List<JsonNode> windows) {
        return windows.stream()
                .map(window -> window.path("client_id").asText() + " "
                        + window.path("target").asText())
                .toList();
    }

    private static List<JsonNode> windows(String client) throws Exception {
        List<JsonNode> windows = new ArrayList<>();
        get("/api/v1/windows?client_id=" + client).path("windows").forEach(windows::add);
        return windows;
    }

    private static JsonNode get(String path) throws Exception {
        return JSON.readTree(ADMIN.get(url(), path).body());
    }

    private static double metric(String series) throws Exception {
        return ADMIN.get(url(), "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .sum();
    }

    private static String url() {
        return "http://127.0.0.1:" + NODE.httpPort();
    }
}
