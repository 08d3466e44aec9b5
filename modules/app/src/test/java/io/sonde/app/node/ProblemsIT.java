package io.sonde.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sonde.app.tokens.NewToken;
import io.sonde.app.tokens.TokenTable;
import io.sonde.core.Scope;
import io.sonde.testkit.PostgresServer;
import io.sonde.testkit.SondeClient;
import io.sonde.testkit.StoredIncidents;
import io.sonde.testkit.WebhookReceiver;
import io.sonde.testkit.WebhookReceiver.Post;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Incidents in the read side of a node that tells a receiver of them; each test has targets of its own. */
class ProblemsIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final PostgresServer.Database DATABASE =
            PostgresServer.shared().newDatabase();
    private static final StoredIncidents INCIDENTS = new StoredIncidents(DATABASE.dataSource());
    private static final SondeClient ADMIN = new SondeClient(DATABASE.dataSource(), TestNode.adminToken(DATABASE));
    private static final AtomicReference<Optional<Config>> CHANGED = new AtomicReference<>(Optional.empty());
    private static WebhookReceiver receiver;
    private static Config config;
    private static Node node;

    @BeforeAll
    static void start() throws Exception {
        receiver = WebhookReceiver.start();
        config = ConfigFactory.parseString(
                        """
                        sonde.problems { look-every = 200 ms, group-wait = 1 s, retry.first = 1 s }
                        sonde.notify.channels.hook { type = webhook, url = "%s" }
                        sonde.notify.routes = [{ target = "https://quiet.example/*", channels = [] }, { channels = [hook] }]
                        """
                                .formatted(receiver.url()))
                .withFallback(TestNode.config(DATABASE, Map.of("sonde.bus", "direct")))
                .resolve();
        node = Node.start(config, () -> CHANGED.getAndSet(Optional.empty()));
    }

    @AfterAll
    static void stop() {
        node.close();
        receiver.close();
    }

    @Test
    void allClientsOfOneTargetAreOneProblemToldOnceAndOnceMoreWhenItIsOver() throws Exception {
        String target = "https://shop.example/";
        List<String> incidents = List.of(
                INCIDENTS.open("berlin", target, 2.5),
                INCIDENTS.open("paris", target, 7),
                INCIDENTS.open("rome", target, 3.5));

        Post told = theOnly("firing", target);
        JsonNode problem = awaitProblem(target, "sent");
        assertThat(told.labels("source")).as("the worst first").containsExactly("paris", "rome", "berlin");
        assertThat(told.body().path("version").asText()).isEqualTo("4");
        assertThat(problem.path("side").asText()).isEqualTo("target");
        assertThat(problem.path("state").asText()).isEqualTo("open");
        assertThat(problem.path("target").asText()).isEqualTo(target);
        assertThat(problem.path("client_id").isNull()).isTrue();
        assertThat(problem.path("incidents")).hasSize(3);
        assertThat(problem.path("notifications")).singleElement().satisfies(notification -> {
            assertThat(notification.path("channel").asText()).isEqualTo("hook");
            assertThat(notification.path("tells").asText()).isEqualTo("firing");
            assertThat(notification.path("failed_attempts").asInt()).isZero();
        });
        for (String incident : incidents) {
            INCIDENTS.end(incident);
        }

        Post over = theOnly("resolved", target);
        await().atMost(SOON).untilAsserted(() -> assertThat(
                        problem(target).path("notifications").findValuesAsText("state"))
                .containsExactly("sent", "sent"));
        JsonNode ended = problem(target);
        assertThat(over.labels("source")).containsExactlyInAnyOrder("paris", "rome", "berlin");
        assertThat(over.key()).isNotEqualTo(told.key());
        assertThat(ended.path("id")).isEqualTo(problem.path("id"));
        assertThat(ended.path("state").asText()).isEqualTo("ended");
        assertThat(ended.path("ended_ts").isTextual()).isTrue();
        assertThat(statuses(target)).containsExactly("firing", "resolved");
    }

    @Test
    void whatSomebodyHasTakenOnIsNotToldAndTheApiSaysWho() throws Exception {
        String incident = INCIDENTS.open("oslo", "https://taken.example/", 3);
        await().atMost(SOON).until(() -> !problems("https://taken.example/").isEmpty());

        HttpResponse<String> acknowledged =
                post("/api/v1/incidents/" + incident + "/ack", "{\"by\": \"eva\", \"note\": \"it is the disk\"}");
        theLaterOneIsTold("oslo-2");

        assertThat(acknowledged.statusCode()).as(acknowledged.body()).isEqualTo(200);
        assertThat(JSON.readTree(acknowledged.body()).path("id").asText()).isEqualTo(incident);
        assertThat(receiver.posts("https://taken.example/")).isEmpty();
        JsonNode problem = problem("https://taken.example/");
        assertThat(problem.path("ack").path("by").asText()).isEqualTo("eva");
        assertThat(problem.path("ack").path("note").asText()).isEqualTo("it is the disk");
        assertThat(Instant.parse(problem.path("ack").path("at").asText())).isBefore(Instant.now());
        INCIDENTS.end(incident);
        await().atMost(SOON)
                .until(() ->
                        problem("https://taken.example/").path("state").asText().equals("ended"));
        theLaterOneIsTold("oslo-3");
        assertThat(receiver.posts("https://taken.example/")).isEmpty();
    }

    @Test
    void whoTakesOnWhatWasToldIsToldWhenItIsOver() throws Exception {
        String incident = INCIDENTS.open("oulu", "https://known.example/", 3);
        theOnly("firing", "https://known.example/");
        awaitProblem("https://known.example/", "sent");

        HttpResponse<String> acknowledged = post("/api/v1/incidents/" + incident + "/ack", "");
        INCIDENTS.end(incident);

        assertThat(acknowledged.statusCode()).as(acknowledged.body()).isEqualTo(200);
        theOnly("resolved", "https://known.example/");
        assertThat(statuses("https://known.example/")).containsExactly("firing", "resolved");
    }

    @Test
    void aSilencedProblemIsToldOnceTheSilenceIsTakenBack() throws Exception {
        HttpResponse<String> made = post(
                "/api/v1/silences",
                """
                {"target": "https://silent.example/*", "until": "%s", "by": "eva", "comment": "we move"}"""
                        .formatted(Instant.now().plusSeconds(3_600)));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        String id = JSON.readTree(made.body()).path("id").asText();
        INCIDENTS.open("riga", "https://silent.example/a", 3);
        await().atMost(SOON).until(() -> !problems("https://silent.example/a").isEmpty());
        theLaterOneIsTold("riga-2");

        assertThat(receiver.posts("https://silent.example/a")).isEmpty();
        assertThat(silences()).anySatisfy(silence -> {
            assertThat(silence.path("id").asText()).isEqualTo(id);
            assertThat(silence.path("target").asText()).isEqualTo("https://silent.example/*");
            assertThat(silence.path("label").isNull()).isTrue();
            assertThat(silence.path("by").asText()).isEqualTo("eva");
            assertThat(silence.path("comment").asText()).isEqualTo("we move");
        });
        HttpResponse<String> ended = ADMIN.send("DELETE", url(), "/api/v1/silences/" + id, "");
        assertThat(ended.statusCode()).as(ended.body()).isEqualTo(200);
        theOnly("firing", "https://silent.example/a");
        await().atMost(SOON).until(() -> silences().stream()
                .noneMatch(silence -> silence.path("id").asText().equals(id)));
    }

    @Test
    void aReceiverThatRefusesTwiceIsToldOnceItTakesItAndTheFailureIsSeenMeanwhile() throws Exception {
        String target = "https://stubborn.example/";
        receiver.nextAnswers(503, 503);
        INCIDENTS.open("lima", target, 3);

        await().atMost(SOON).pollInterval(Duration.ofMillis(20)).until(() -> problems(target).stream()
                .flatMap(problem ->
                        StreamSupport.stream(problem.path("notifications").spliterator(), false))
                .anyMatch(notification -> notification.path("state").asText().equals("due")
                        && notification.path("failed_attempts").asInt() > 0
                        && notification.path("error").asText().contains("503")
                        && notification.path("next_ts").isTextual()));
        JsonNode problem = awaitProblem(target, "sent");
        List<Post> posts = receiver.posts(target);

        assertThat(posts).extracting(Post::answered).containsExactly(503, 503, 200);
        assertThat(posts).extracting(Post::key).containsOnly(posts.get(0).key());
        assertThat(problem.path("notifications")).singleElement().satisfies(notification -> {
            assertThat(notification.path("failed_attempts").asInt()).isEqualTo(2);
            assertThat(notification.path("error").isNull()).isTrue();
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "404|POST|/api/v1/incidents/nobody-knows-it/ack|-|not-found",
                "404|DELETE|/api/v1/silences/nobody-knows-it|-|not-found",
                "400|POST|/api/v1/incidents/any/ack|{\"who\": \"eva\"}|invalid-parameter",
                "400|POST|/api/v1/incidents/any/ack|{\"by\": 7}|invalid-parameter",
                "400|POST|/api/v1/incidents/any/ack|{broken|malformed-request",
                "400|POST|/api/v1/silences|[]|malformed-request",
                "400|POST|/api/v1/silences|{}|invalid-parameter",
                "400|POST|/api/v1/silences|{\"until\": \"soon\"}|invalid-parameter",
                "400|POST|/api/v1/silences|{\"until\": \"2020-01-01T00:00:00Z\"}|invalid-parameter",
                "400|POST|/api/v1/silences|{\"until\": \"9998-01-01T00:00:00Z\"}|invalid-parameter",
                "400|GET|/api/v1/problems?state=closed|-|invalid-parameter"
            })
    void whatIsWrongIsAnsweredWithProblemDetails(int status, String method, String path, String body, String slug)
            throws Exception {
        HttpResponse<String> answer = ADMIN.send(method, url(), path, body == null ? "" : body);

        JsonNode said = JSON.readTree(answer.body());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(said.path("type").asText()).endsWith("/problems/" + slug);
        assertThat(said.path("detail").asText()).isNotEmpty();
    }

    @Test
    void whoMayReadMayNotOrder() throws Exception {
        var reader = new SondeClient(
                DATABASE.dataSource(),
                new TokenTable(DATABASE.dataSource(), Clock.systemUTC(), new SecureRandom())
                        .create(new NewToken("default", Scope.READ, null, "", null))
                        .token()
                        .text());

        assertThat(reader.get(url(), "/api/v1/problems").statusCode()).isEqualTo(200);
        assertThat(reader.get(url(), "/api/v1/silences").statusCode()).isEqualTo(200);
        assertThat(reader.send("POST", url(), "/api/v1/incidents/any/ack", "").statusCode())
                .isEqualTo(403);
        assertThat(reader.send("POST", url(), "/api/v1/silences", "{}").statusCode())
                .isEqualTo(403);
        assertThat(reader.send("DELETE", url(), "/api/v1/silences/any", "").statusCode())
                .isEqualTo(403);
    }

    @Test
    void changedRoutesHoldWithoutARestartAndTheChangeIsStored() throws Exception {
        INCIDENTS.open("kyiv", "https://quiet.example/a", 3);
        await().atMost(SOON).until(() -> !problems("https://quiet.example/a").isEmpty());
        theLaterOneIsTold("kyiv-2");
        assertThat(receiver.posts("https://quiet.example/a")).isEmpty();

        CHANGED.set(Optional.of(ConfigFactory.parseString(
                        "sonde { diagnosis.incident.opens = 2, notify.routes = [{ channels = [hook] }] }")
                .withFallback(config)
                .resolve()));

        theOnly("firing", "https://quiet.example/a");
        await().atMost(SOON).untilAsserted(() -> assertThat(settingChanges())
                .containsExactly("sonde.diagnosis.incident.opens 3 2", "sonde.notify.routes null null"));
    }

    /** One that nobody holds back: when people were told of it, they would have been told of what came before. */
    private static void theLaterOneIsTold(String source) throws Exception {
        String target = "https://" + source + ".later.example/";
        String incident = INCIDENTS.open(source, target, 3);
        theOnly("firing", target);
        INCIDENTS.end(incident);
        theOnly("resolved", target);
    }

    private static Post theOnly(String status, String target) {
        await(status + " of " + target).atMost(SOON).until(() -> statuses(target)
                .contains(status));
        return receiver.posts(target).stream()
                .filter(post -> post.status().equals(status))
                .reduce((one, other) -> {
                    throw new AssertionError("told twice: " + one + " and " + other);
                })
                .orElseThrow();
    }

    private static List<String> statuses(String target) {
        return receiver.posts(target).stream()
                .filter(Post::isTaken)
                .map(Post::status)
                .toList();
    }

    /** Once the API says so of each of its notifications. */
    private static JsonNode awaitProblem(String target, String state) throws Exception {
        await("the notifications of " + target + " are " + state).atMost(SOON).until(() -> {
            List<String> states = problem(target).path("notifications").findValuesAsText("state");
            return !states.isEmpty() && states.stream().allMatch(state::equals);
        });
        return problem(target);
    }

    private static JsonNode problem(String target) throws Exception {
        List<JsonNode> found = problems(target);
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    /** Without what turned out to be part of another, as between the first incident and the second. */
    private static List<JsonNode> problems(String target) throws Exception {
        return list("/api/v1/problems?target=" + target, "problems").stream()
                .filter(problem -> problem.path("part_of").isNull())
                .toList();
    }

    private static List<JsonNode> silences() throws Exception {
        return list("/api/v1/silences", "silences");
    }

    private static List<JsonNode> list(String path, String field) throws Exception {
        HttpResponse<String> answer = ADMIN.get(url(), path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        List<JsonNode> found = new ArrayList<>();
        JSON.readTree(answer.body()).path(field).forEach(found::add);
        return found;
    }

    private static HttpResponse<String> post(String path, String body) throws Exception {
        return ADMIN.send("POST", url(), path, body);
    }

    private static String url() {
        return "http://127.0.0.1:" + node.httpPort();
    }

    private static List<String> settingChanges() throws Exception {
        try (Connection connection = DATABASE.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT key, before, after FROM setting_change ORDER BY key")) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1) + " " + rows.getString(2) + " " + rows.getString(3));
            }
            return found;
        }
    }
}
