package io.sonde.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sonde.testkit.Expected;
import io.sonde.testkit.FaultProxy;
import io.sonde.testkit.PostgresServer;
import io.sonde.testkit.Sent;
import io.sonde.testkit.SondeClient;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node on the direct bus whose connections to PostgreSQL go through a proxy that misbehaves. */
class DatabaseFaultIT {
    /** {@code make faults} lets it hang longer. */
    private static final Duration HANGS = Duration.ofSeconds(Integer.getInteger("sonde.test.hang-seconds", 5));

    private static final String QUESTION =
            "/api/v1/windows?client_id=client-1&resolution=1m&from=2026-01-01T00:00:00Z" + "&to=2026-01-01T01:00:00Z";

    private final PostgresServer.Database database = PostgresServer.shared().newDatabase();
    private final Random random = new Random(11);
    private final List<Sent> taken = new ArrayList<>();
    private FaultProxy proxy;
    private SondeClient sonde;
    private Node node;

    @BeforeEach
    void start() throws Exception {
        URI url = URI.create(database.url().substring("jdbc:".length()));
        proxy = FaultProxy.to(url.getPort());
        sonde = new SondeClient(database.dataSource(), TestNode.adminToken(database));
        node = Node.start(TestNode.config(
                database,
                Map.of(
                        "sonde.bus",
                        "direct",
                        "sonde.database.url",
                        database.url().replace(":" + url.getPort() + "/", ":" + proxy.port() + "/"))));
    }

    @AfterEach
    void stop() throws Exception {
        proxy.resume();
        node.close();
        proxy.close();
    }

    @Test
    void aDatabaseThatHangsIsSaidAndEverythingGoesOnWhenItAnswersAgain() throws Exception {
        takes(200);
        proxy.hang();
        long end = System.nanoTime() + HANGS.toNanos();
        while (System.nanoTime() < end) {
            List<Sent> some = some(10);
            HttpResponse<String> answer = sonde.post(address(), json(some));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            taken.addAll(some);
            HttpResponse<String> question = sonde.get(address(), QUESTION);
            assertThat(question.statusCode()).as(question.body()).isEqualTo(503);
            assertThat(question.headers().firstValue("Retry-After")).isPresent();
            HttpResponse<String> ready = sonde.get(address(), "/readyz");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body()).contains("\"name\":\"journal\",\"ok\":false");
        }

        proxy.resume();

        await().atMost(Duration.ofSeconds(30))
                .until(() -> sonde.get(address(), "/readyz").statusCode() == 200);
        everythingTakenIsCountedOnce();
        assertThat(sonde.get(address(), QUESTION).statusCode()).isEqualTo(200);
    }

    @Test
    void p4AConnectionCutInMidCommitNeitherLosesNorDoubles() throws Exception {
        for (int i = 0; i < 3; i++) {
            takes(20);
            proxy.cutAnswerTo("COMMIT");
            takes(20);
        }

        assertThat(proxy.answersCut()).isPositive();
        everythingTakenIsCountedOnce();
    }

    @Test
    void aNodeStopsSoonWhileTheDatabaseIsAway() throws Exception {
        takes(100);
        proxy.cut();
        var unused = sonde.post(address(), json(some(10)));
        long begin = System.nanoTime();

        node.close();

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
    }

    private String address() {
        return "http://127.0.0.1:" + node.httpPort();
    }

    /** Sent again until it is answered with 202, as a probe does. */
    private void takes(int events) throws Exception {
        List<Sent> some = some(events);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> sonde.post(address(), json(some)).statusCode() == 202);
        taken.addAll(some);
    }

    private List<Sent> some(int events) {
        return Sent.random(random, events, System.currentTimeMillis() / 60_000 * 60_000 - 60_000, false);
    }

    private static String json(List<Sent> events) {
        return events.stream().map(Sent::json).collect(Collectors.joining(",", "[", "]"));
    }

    private void everythingTakenIsCountedOnce() throws Exception {
        assertThat(sonde.post(address(), json(taken)).statusCode()).isEqualTo(202);
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(sonde.totals()).isEqualTo(Expected.totals(Expected.rows(taken))));
        assertThat(sonde.rows()).isEqualTo(Expected.rows(taken));
    }
}
