package io.sonde.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.sonde.app.node.Browser.Answer;
import io.sonde.testkit.PostgresServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** People who sign in at a node, beside another one on the same database. */
class SessionIT {
    private static final String PASSWORD = "correct horse battery";
    private static final PostgresServer.Database DATABASE =
            PostgresServer.shared().newDatabase();
    private static final TestPeople PEOPLE = new TestPeople(DATABASE, PASSWORD);
    private static Node node;
    private static Node other;

    @BeforeAll
    static void start() {
        PEOPLE.add("eva", "admin");
        node = Node.start(TestNode.config(DATABASE, Map.of()));
        other = Node.start(TestNode.config(DATABASE, Map.of()));
    }

    @AfterAll
    static void stop() {
        node.close();
        other.close();
    }

    /** All of them have one address. */
    @BeforeEach
    void forgetFailures() {
        PEOPLE.forgetFailures();
    }

    @Test
    void whoSignsInIsToldWhoTheyAreAndTheCookieIsForThisNodeAndNoScript() {
        Browser eva = browser();

        Answer signedIn = eva.signIn("Eva ", PASSWORD);

        assertThat(signedIn.status()).isEqualTo(200);
        assertThat(signedIn.body().path("name").asText()).isEqualTo("eva");
        assertThat(signedIn.body().path("role").asText()).isEqualTo("admin");
        assertThat(signedIn.body().path("scope").asText()).isEqualTo("admin");
        assertThat(signedIn.header("Set-Cookie"))
                .matches("sonde_session=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Strict");
        assertThat(signedIn.header("Cache-Control")).isEqualTo("no-store");
        JsonNode known = eva.get("/api/v1/session").body();
        assertThat(known).isEqualTo(signedIn.body());
        assertThat(eva.get("/api/v1/windows").status()).isEqualTo(200);
    }

    @Test
    void behindAProxyTheCookieGoesOverTlsAlone() {
        try (Node proxied = Node.start(TestNode.config(DATABASE, Map.of("sonde.sign-in.behind-proxy", "on")))) {
            assertThat(new Browser(proxied).signIn("eva", PASSWORD).header("Set-Cookie"))
                    .contains("; Secure;");
        }
    }

    @Test
    void aWrongPasswordAndAnUnknownNameAndADisabledAccountGetTheSameAnswer() {
        PEOPLE.add("gone", "viewer");
        PEOPLE.disable("gone");
        Answer wrong = browser().signIn("eva", "not this one");
        Answer unknown = browser().signIn("nobody", PASSWORD);
        Answer disabled = browser().signIn("gone", PASSWORD);

        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.body().path("type").asText()).isEqualTo("/problems/wrong-password");
        assertThat(wrong.header("Set-Cookie")).isEmpty();
        assertThat(unknown.status()).isEqualTo(401);
        assertThat(unknown.body()).isEqualTo(wrong.body());
        assertThat(disabled.body()).isEqualTo(wrong.body());
    }

    /** Looking at a password takes tens of milliseconds, everything else about one: without it this fails by far. */
    @Test
    void anUnknownNameTakesAsLongAsAWrongPassword() {
        List<Long> wrong = new ArrayList<>();
        List<Long> unknown = new ArrayList<>();
        PEOPLE.add("slow", "viewer");
        for (int i = 0; i < 4; i++) {
            wrong.add(nanos("slow"));
            unknown.add(nanos("nobody-" + i));
        }

        assertThat(median(unknown)).isGreaterThan(median(wrong) / 3);
    }

    @Test
    void afterFiveFailuresTheRightPasswordIsNotTakenEitherAndOnTheOtherNodeNeither() {
        PEOPLE.add("locked", "viewer");
        for (int i = 0; i < 5; i++) {
            assertThat(browser().signIn("locked", "not this one").status()).isEqualTo(401);
        }

        Answer right = browser().signIn("locked", PASSWORD);
        Answer elsewhere = new Browser(other).signIn("locked", PASSWORD);

        assertThat(right.status()).isEqualTo(429);
        assertThat(right.body().path("type").asText()).isEqualTo("/problems/locked");
        assertThat(Integer.parseInt(right.header("Retry-After"))).isBetween(1, 30);
        assertThat(elsewhere.status()).isEqualTo(429);
    }

    @Test
    void aFloodOfSignInsIsToldToComeAgainAndOthersAreAnswered() {
        Browser eva = browser();
        eva.signIn("eva", PASSWORD);
        List<CompletableFuture<Integer>> flood = IntStream.range(0, 300)
                .mapToObj(i -> browser().signInLater("flood-" + i, PASSWORD))
                .toList();

        assertThat(eva.get("/api/v1/windows").status()).isEqualTo(200);

        Map<Integer, Long> statuses = flood.stream()
                .map(CompletableFuture::join)
                .collect(Collectors.groupingBy(status -> status, Collectors.counting()));
        assertThat(statuses.keySet()).isSubsetOf(401, 429, 503);
        assertThat(statuses.get(503)).as("%s", statuses).isPositive();
    }

    @Test
    void theAddressThatAProxyTellsIsBelievedOnlyWhereThereIsOne() {
        for (int i = 0; i < 20; i++) {
            browser().with("X-Forwarded-For", "10.1.1." + i).signIn("guess-" + i, PASSWORD);
        }

        Answer answer = browser().with("X-Forwarded-For", "10.9.9.9").signIn("eva", PASSWORD);

        assertThat(answer.status()).isEqualTo(429);
    }

    @Test
    void aSessionThatWasThereBeforeIsNotTakenOver() {
        Browser eva = browser();
        String first = eva.signIn("eva", PASSWORD).header("Set-Cookie");

        String second = eva.signIn("eva", PASSWORD).header("Set-Cookie");

        assertThat(second).startsWith("sonde_session=").isNotEqualTo(first);
        Browser planted = browser().with("Cookie", "sonde_session=" + "A".repeat(43));
        assertThat(planted.signIn("eva", PASSWORD).header("Set-Cookie")).doesNotContain("A".repeat(43));
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"})
    void aFormOfAnotherSiteSignsNobodyIn(String type) {
        Answer answer = browser().with("Content-Type", type).signIn("eva", PASSWORD);

        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.header("Set-Cookie")).isEmpty();
    }

    @Test
    void whoSignsOutIsOutOnBothNodes() {
        Browser eva = browser();
        eva.signIn("eva", PASSWORD);
        Browser elsewhere = eva.at(other);
        assertThat(elsewhere.get("/api/v1/windows").status()).isEqualTo(200);

        Answer out = eva.send("DELETE", "/api/v1/session", "");

        assertThat(out.status()).isEqualTo(200);
        assertThat(out.header("Set-Cookie")).contains("sonde_session=;", "Max-Age=0");
        assertThat(eva.get("/api/v1/windows").status()).isEqualTo(401);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> elsewhere.get("/api/v1/windows").status() == 401);
    }

    @Test
    void aPasswordOfOnesOwnEndsAllOtherSessions() {
        PEOPLE.add("kim", "viewer");
        Browser kim = browser();
        Browser thief = browser();
        kim.signIn("kim", PASSWORD);
        thief.signIn("kim", PASSWORD);

        Answer wrong = kim.send(
                "POST",
                "/api/v1/session/password",
                "{\"password\":\"a guess of a thief\",\"new_password\":\"another horse battery\"}");
        Answer changed = kim.send(
                "POST",
                "/api/v1/session/password",
                "{\"password\":\"" + PASSWORD + "\",\"new_password\":\"another horse battery\"}");

        assertThat(wrong.status()).isEqualTo(401);
        assertThat(changed.status()).as(changed.body().toString()).isEqualTo(200);
        assertThat(thief.get("/api/v1/windows").status()).isEqualTo(401);
        assertThat(kim.accept(changed).get("/api/v1/windows").status()).isEqualTo(200);
        assertThat(browser().signIn("kim", PASSWORD).status()).isEqualTo(401);
        assertThat(browser().signIn("kim", "another horse battery").status()).isEqualTo(200);
    }

    @Test
    void whoWasGivenAPasswordChoosesOneBeforeAnythingElse() {
        Browser admin = browser();
        admin.signIn("eva", PASSWORD);
        Answer added = admin.send("POST", "/api/v1/users", "{\"name\":\"new\",\"role\":\"operator\"}");
        String given = added.body().path("password").asText();
        Browser fresh = browser();

        assertThat(added.status()).isEqualTo(201);
        assertThat(fresh.signIn("new", given)
                        .body()
                        .path("must_change_password")
                        .asBoolean())
                .isTrue();
        assertThat(fresh.get("/api/v1/windows").body().path("type").asText()).isEqualTo("/problems/password-change");
        Answer changed = fresh.send(
                "POST",
                "/api/v1/session/password",
                "{\"password\":\"" + given + "\",\"new_password\":\"a battery of horses\"}");
        assertThat(fresh.accept(changed).get("/api/v1/windows").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "role|PATCH|''|{\"role\":\"operator\"}|200",
                "disabled|PATCH|''|{\"disabled\":true}|401",
                "given|POST|/password|{}|401",
                "removed|DELETE|''|''|401"
            })
    void whatAnAdministratorChangesEndsTheSessionsAtOnceHereAndSoonElsewhere(
            String name, String method, String below, String body, int signInAfterwards) {
        PEOPLE.add(name, "viewer");
        Browser person = browser();
        person.signIn(name, PASSWORD);
        Browser elsewhere = person.at(other);
        assertThat(person.get("/api/v1/windows").status()).isEqualTo(200);
        assertThat(elsewhere.get("/api/v1/windows").status()).isEqualTo(200);
        Browser admin = browser();
        admin.signIn("eva", PASSWORD);

        Answer changed =
                admin.send(method, "/api/v1/users/" + name + (below == null ? "" : below), body == null ? "" : body);

        assertThat(changed.status()).as(changed.body().toString()).isEqualTo(200);
        assertThat(person.get("/api/v1/windows").status()).isEqualTo(401);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> elsewhere.get("/api/v1/windows").status() == 401);
        assertThat(browser().signIn(name, PASSWORD).status()).isEqualTo(signInAfterwards);
    }

    private static long nanos(String name) {
        long start = System.nanoTime();
        assertThat(browser().signIn(name, "not this one").status()).isEqualTo(401);
        return System.nanoTime() - start;
    }

    private static long median(List<Long> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }

    private static Browser browser() {
        return new Browser(node);
    }
}
