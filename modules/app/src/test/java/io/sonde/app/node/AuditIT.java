package io.sonde.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.sonde.app.node.Browser.Answer;
import io.sonde.testkit.PostgresServer;
import io.sonde.testkit.StoredIncidents;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an administrator does in a browser, and how it is found again. */
class AuditIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String PASSWORD = "correct horse battery";
    private static final PostgresServer.Database DATABASE =
            PostgresServer.shared().newDatabase();
    private static final StoredIncidents INCIDENTS = new StoredIncidents(DATABASE.dataSource());
    private static Node node;
    private static Browser eva;

    @BeforeAll
    static void start() {
        TestPeople people = new TestPeople(DATABASE, PASSWORD);
        people.add("eva", "admin");
        people.add("ann", "admin");
        node = Node.start(TestNode.config(DATABASE, Map.of("sonde.problems.look-every", "200ms")));
        eva = new Browser(node);
        eva.signIn("eva", PASSWORD);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void eachChangeOfAnAdministratorStandsInTheAuditWithoutASecret() throws Exception {
        String incident = INCIDENTS.open("berlin", "https://shop.example/", 2.5);
        await().atMost(SOON)
                .until(() -> done("POST", "/api/v1/incidents/" + incident + "/ack", "{\"note\":\"on it\"}") == 200);
        JsonNode silence = change(
                "POST", "/api/v1/silences", "{\"until\":\"" + Instant.now().plusSeconds(60) + "\"}");
        change("DELETE", "/api/v1/silences/" + silence.path("id").asText(), "");
        JsonNode added = change("POST", "/api/v1/users", "{\"name\":\"tom\",\"role\":\"viewer\"}");
        change("PATCH", "/api/v1/users/tom", "{\"role\":\"operator\"}");
        change("PATCH", "/api/v1/users/tom", "{\"disabled\":true}");
        change("PATCH", "/api/v1/users/tom", "{\"disabled\":false}");
        JsonNode given = change("POST", "/api/v1/users/tom/password", "");
        change("DELETE", "/api/v1/users/tom", "");
        JsonNode token = change("POST", "/api/v1/tokens", "{\"scope\":\"read\",\"note\":\"a screen\"}");
        change("DELETE", "/api/v1/tokens/" + token.path("id").asText(), "");
        change("PUT", "/api/v1/log-levels/ROOT", "{\"level\":\"INFO\"}");
        change("DELETE", "/api/v1/log-levels/ROOT", "");

        await().atMost(SOON).untilAsserted(() -> assertThat(whats("who=eva"))
                .containsExactlyInAnyOrder(
                        "incident.acknowledge",
                        "silence.make",
                        "silence.end",
                        "user.add",
                        "user.role",
                        "user.disable",
                        "user.enable",
                        "user.password",
                        "user.remove",
                        "token.create",
                        "token.revoke",
                        "log-level.set",
                        "log-level.reset"));
        assertThat(audit("").toString())
                .contains("on it", "a screen")
                .doesNotContain(
                        added.path("password").asText(),
                        given.path("password").asText(),
                        token.path("token").asText(),
                        "argon2");
        assertThat(whats("what=user")).hasSize(8).allMatch(what -> what.startsWith("user."));
        assertThat(whats("what=user.role")).containsExactly("user.role");
        assertThat(whats("who=nobody")).isEmpty();
        JsonNode role = audit("what=user.role").get(0);
        assertThat(role.path("subject").asText()).isEqualTo("tom");
        assertThat(role.at("/before/role").asText()).isEqualTo("viewer");
        assertThat(role.at("/after/role").asText()).isEqualTo("operator");
        assertThat(paged()).isEqualTo(whats("who=eva"));
        String at = role.path("at").asText();
        assertThat(whats("to=" + at)).contains("user.add").doesNotContain("user.role");
        assertThat(whats("from=" + at)).contains("user.remove").doesNotContain("user.add");
    }

    @Test
    void whatIsNotAskedForRightlyIsNamed() {
        assertThat(eva.get("/api/v1/audit?whom=eva").status()).isEqualTo(400);
        assertThat(eva.get("/api/v1/audit?cursor=x").status()).isEqualTo(400);
        assertThat(done("POST", "/api/v1/users", "{\"name\":\"Tom\",\"role\":\"viewer\"}"))
                .isEqualTo(400);
        assertThat(done("POST", "/api/v1/users", "{\"name\":\"tim\",\"role\":\"boss\"}"))
                .isEqualTo(400);
        assertThat(done("POST", "/api/v1/users", "{\"name\":\"eva\",\"role\":\"viewer\"}"))
                .isEqualTo(409);
        assertThat(done("PATCH", "/api/v1/users/eva", "{}")).isEqualTo(400);
        assertThat(done("PATCH", "/api/v1/users/nobody", "{\"disabled\":true}")).isEqualTo(404);
        assertThat(done("PATCH", "/api/v1/users/eva", "{\"disabled\":\"yes\"}")).isEqualTo(400);
        assertThat(done("DELETE", "/api/v1/tokens/3f", "")).isEqualTo(404);
        assertThat(done("POST", "/api/v1/tokens", "{\"scope\":\"read\",\"client_id\":\"x\"}"))
                .isEqualTo(400);
        assertThat(done("POST", "/api/v1/tokens", "{\"scope\":\"read\",\"expires_at\":\"2020-01-01T00:00:00Z\"}"))
                .isEqualTo(400);
        Answer typed =
                eva.send("POST", "/api/v1/users", "{\"name\":\"tim\",\"role\":\"viewer\",\"password\":\"too short\"}");
        assertThat(typed.status()).isEqualTo(400);
        assertThat(typed.body().toString()).as("it may be one elsewhere").doesNotContain("too short");
    }

    @Test
    void theLastAdministratorStaysOne() {
        var database = PostgresServer.shared().newDatabase();
        new TestPeople(database, PASSWORD).add("one", "admin");
        try (Node alone = Node.start(TestNode.config(database, Map.of()))) {
            Browser one = new Browser(alone);
            one.signIn("one", PASSWORD);

            for (Answer refused : List.of(
                    one.send("PATCH", "/api/v1/users/one", "{\"role\":\"viewer\"}"),
                    one.send("PATCH", "/api/v1/users/one", "{\"disabled\":true}"),
                    one.send("DELETE", "/api/v1/users/one", ""))) {
                assertThat(refused.status()).isEqualTo(409);
                assertThat(refused.body().path("type").asText()).isEqualTo("/problems/last-admin");
            }
            assertThat(one.get("/api/v1/users").status()).isEqualTo(200);
        }
    }

    @Test
    void aTokenThatIsRevokedHereIsOutAtOnce() {
        Browser ann = new Browser(node);
        ann.signIn("ann", PASSWORD);
        String token = ann.send("POST", "/api/v1/tokens", "{\"scope\":\"read\"}")
                .body()
                .path("token")
                .asText();
        Browser machine = new Browser(node).with("Authorization", "Bearer " + token);
        JsonNode known = machine.get("/api/v1/session").body();

        ann.send("DELETE", "/api/v1/tokens/" + known.path("name").asText(), "");

        assertThat(known.path("scope").asText()).isEqualTo("read");
        assertThat(known.path("role").isNull()).isTrue();
        assertThat(known.has("csrf_token")).isFalse();
        assertThat(machine.get("/api/v1/windows").status()).isEqualTo(401);
    }

    private static JsonNode change(String method, String path, String body) {
        Answer answer = eva.send(method, path, body);
        assertThat(answer.status())
                .as(method + " " + path + " " + answer.body())
                .isIn(200, 201);
        return answer.body();
    }

    private static int done(String method, String path, String body) {
        return eva.send(method, path, body).status();
    }

    private static JsonNode audit(String query) {
        return eva.get("/api/v1/audit?" + query).body().path("audit");
    }

    private static List<String> whats(String query) {
        return audit(query).findValuesAsText("what");
    }

    private static List<String> paged() {
        List<String> all = new ArrayList<>();
        String next = "";
        do {
            JsonNode page = eva.get("/api/v1/audit?who=eva&limit=2" + (next.isEmpty() ? "" : "&cursor=" + next))
                    .body();
            all.addAll(page.path("audit").findValuesAsText("what"));
            next = page.path("next").asText();
        } while (!next.isEmpty());
        return all;
    }
}
