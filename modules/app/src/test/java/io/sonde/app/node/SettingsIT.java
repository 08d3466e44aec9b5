package io.sonde.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sonde.testkit.PostgresServer;
import io.sonde.testkit.SondeClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What holds on a node, and thresholds that somebody changes on one of two nodes while both run. */
class SettingsIT {
    private static final String SECRET = "a-secret-that-nobody-may-read";
    private static final PostgresServer.Database DATABASE =
            PostgresServer.shared().newDatabase();
    private static final SondeClient ADMIN = new SondeClient(DATABASE.dataSource(), TestNode.adminToken(DATABASE));

    private static Node node;
    private static Node other;

    @BeforeAll
    static void start() {
        Map<String, String> settings = Map.of(
                "sonde.bus", "direct",
                "sonde.metrics.token", SECRET,
                "sonde.nats.password", SECRET,
                "sonde.notify.channels.hook.type", "webhook",
                "sonde.notify.channels.hook.url", "http://127.0.0.1:9/" + SECRET,
                "sonde.tracing.endpoint", "",
                "sonde.diagnosis.incident.clears", "6");
        node = Node.start(TestNode.config(DATABASE, settings));
        other = Node.start(TestNode.config(DATABASE, Map.of("sonde.bus", "direct")));
    }

    @AfterAll
    static void stop() {
        other.close();
        node.close();
    }

    @AfterEach
    void takeAway() throws Exception {
        set(node, "{}");
    }

    @Test
    void settingsAreListedWithTheirDefaultAndWhereTheyAreFromAndWithoutSecrets() throws Exception {
        HttpResponse<String> answer = ADMIN.get(url(node), "/api/v1/settings");

        assertThat(answer.body()).doesNotContain(SECRET);
        JsonNode clears = setting(node, "sonde.diagnosis.incident.clears");
        assertThat(clears.path("value").asText()).isEqualTo("6");
        assertThat(clears.path("default").asText()).isEqualTo("5");
        assertThat(clears.path("changed").asBoolean()).isTrue();
        JsonNode opens = setting(node, "sonde.diagnosis.incident.opens");
        assertThat(opens.path("changed").asBoolean()).isFalse();
        assertThat(opens.path("source").asText()).isEqualTo("default");
        assertThat(setting(node, "sonde.metrics.token").path("value").asText()).isEqualTo("(secret)");
        assertThat(setting(node, "sonde.nats.user").path("value").asText()).isEmpty();
        assertThat(json(answer).path("settings").findValuesAsText("key"))
                .noneMatch(key -> key.contains("journal."))
                .hasSizeLessThan(200);
    }

    @Test
    void aThresholdHoldsOnAllNodesWithinSecondsAndUntilItIsTakenAway() throws Exception {
        JsonNode set = json(set(node, "{\"incident.opens\": 2, \"rules.qoe.apdex-ms\": 250.5}"));

        assertThat(setting(node, "sonde.diagnosis.incident.opens").path("value").asText())
                .as("at once where it was set")
                .isEqualTo("2");
        await().atMost(Duration.ofSeconds(20)).until(() -> setting(other, "sonde.diagnosis.rules.qoe.apdex-ms")
                .path("value")
                .asText()
                .equals("250.5"));
        assertThat(set.path("thresholds").findValuesAsText("key"))
                .containsExactly("incident.opens", "rules.qoe.apdex-ms");
        assertThat(setting(other, "sonde.diagnosis.incident.opens")
                        .path("source")
                        .asText())
                .startsWith("set through the API by ");
        assertThat(setting(other, "sonde.diagnosis.incident.opens").path("file").asText())
                .isEqualTo("3");
        set(other, "{}");
        await().atMost(Duration.ofSeconds(20)).until(() -> setting(node, "sonde.diagnosis.incident.opens")
                .path("value")
                .asText()
                .equals("3"));
        JsonNode audit =
                json(ADMIN.get(url(node), "/api/v1/audit?what=threshold")).path("audit");
        assertThat(audit.path(0).path("before").path("incident.opens").asText()).isEqualTo("2");
        assertThat(audit.path(0).path("after").has("incident.opens")).isFalse();
    }

    @Test
    void aThresholdHoldsFromTheFirstWindowAfterARestart() throws Exception {
        set(node, "{\"incident.opens\": 2}");

        try (Node young = Node.start(TestNode.config(DATABASE, Map.of("sonde.bus", "direct")))) {
            assertThat(setting(young, "sonde.diagnosis.incident.opens")
                            .path("value")
                            .asText())
                    .isEqualTo("2");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"incident.opens\": 9}|incident.opens",
                "{\"incident.opens\": \"many\"}|incident.opens",
                "{\"incident.ends\": 1}|incident.ends",
                "{\"rules.qoe.dns-share\": -1}|rules.qoe.dns-share",
                "{\"rules.qoe.dns-share\": [1]}|rules.qoe.dns-share",
                "{\"journal.class\": \"x\"}|journal.class",
                "{\"targets\": \"x\"}|targets",
                "{\"incident.accept-after\": \"1s\"}|incident.accept-after",
                "[]|thresholds"
            })
    void whatCannotBeIsRefusedByItsKeyAndChangesNothing(String thresholds, String key) throws Exception {
        HttpResponse<String> answer = set(node, thresholds);
        HttpResponse<String> preview = ADMIN.send(
                "POST", url(node), "/api/v1/settings/thresholds/preview", "{\"thresholds\":" + thresholds + "}");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(json(answer).path("parameter").asText()).as(answer.body()).isEqualTo(key);
        assertThat(preview.statusCode()).isEqualTo(400);
        assertThat(setting(node, "sonde.diagnosis.incident.opens").path("value").asText())
                .isEqualTo("3");
    }

    @Test
    void aPreviewSaysHowTheLastDayWouldHaveBeenLabelledAndChangesNothing() throws Exception {
        String client = "preview-" + UUID.randomUUID();
        long minute = System.currentTimeMillis() / 60_000 * 60_000 - 60_000;
        for (String seen : List.of(
                "\"timings\":{\"tcp_ms\":1,\"http_ttfb_ms\":2}",
                "\"timings\":{\"tcp_ms\":1,\"http_ttfb_ms\":3}",
                "\"timings\":{\"tcp_ms\":1,\"http_ttfb_ms\":4}",
                "\"error_stage\":\"TCP\",\"error_type\":\"refused\"")) {
            HttpResponse<String> taken = ADMIN.post(
                    url(node),
                    "{\"schema_version\":1,\"event_id\":\"%s\",\"client_id\":\"%s\",\"target\":\"http://a/\",\"ts_ms\":%d,%s}"
                            .formatted(UUID.randomUUID(), client, minute, seen));
            assertThat(taken.statusCode()).as(taken.body()).isEqualTo(202);
        }
        await().atMost(Duration.ofSeconds(30))
                .until(() -> json(ADMIN.get(url(node), "/api/v1/windows?client_id=" + client))
                                .path("windows")
                                .path(0)
                                .path("count_total")
                                .asInt()
                        == 4);

        JsonNode preview = json(ADMIN.send(
                "POST",
                url(node),
                "/api/v1/settings/thresholds/preview",
                "{\"thresholds\": {\"rules.qoe.failure-share\": 0.2, \"incident.opens\": 1, \"incident.clears\": 6}}"));

        assertThat(count(preview, "windows", "connect-failure", "before")).isZero();
        assertThat(count(preview, "windows", "connect-failure", "after")).isEqualTo(1);
        assertThat(count(preview, "windows", "insufficient-data", "before")).isPositive();
        assertThat(count(preview, "incidents", "connect-failure", "after")).isEqualTo(1);
        assertThat(preview.path("series_judged").asInt())
                .isEqualTo(preview.path("series_count").asInt());
        assertThat(setting(node, "sonde.diagnosis.rules.qoe.failure-share")
                        .path("value")
                        .asText())
                .isEqualTo("0.5");
    }

    private static int count(JsonNode preview, String of, String label, String when) {
        for (JsonNode one : preview.path(of)) {
            if (one.path("label").asText().equals(label)) {
                return one.path(when).asInt();
            }
        }
        return 0;
    }

    private static HttpResponse<String> set(Node at, String thresholds) throws Exception {
        return ADMIN.send("PUT", url(at), "/api/v1/settings/thresholds", "{\"thresholds\":" + thresholds + "}");
    }

    private static JsonNode setting(Node at, String key) throws Exception {
        for (JsonNode setting : json(ADMIN.get(url(at), "/api/v1/settings")).path("settings")) {
            if (setting.path("key").asText().equals(key)) {
                return setting;
            }
        }
        throw new AssertionError("there is no " + key);
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        return Objects.requireNonNull(new ObjectMapper().readTree(answer.body()));
    }

    private static String url(Node at) {
        return "http://127.0.0.1:" + at.httpPort();
    }
}
