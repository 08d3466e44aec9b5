package io.sonde.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sonde.testkit.Expected;
import io.sonde.testkit.PostgresServer;
import io.sonde.testkit.Sent;
import io.sonde.testkit.SondeClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A node whose clock goes wrong by half a minute while the database's is right. */
class ClockIT {
    private final PostgresServer.Database database = PostgresServer.shared().newDatabase();
    private final SondeClient sonde = new SondeClient(database.dataSource(), TestNode.adminToken(database));
    private final SetClock clock = new SetClock();

    @Test
    void aNodeWithAWrongClockTakesNothingAndSaysWhyUntilItIsRight() throws Exception {
        long minuteBefore = System.currentTimeMillis() / 60_000 * 60_000 - 60_000;
        List<Sent> events = Sent.random(new Random(7), 20, minuteBefore, false);
        String body = events.stream().map(Sent::json).collect(Collectors.joining(",", "[", "]"));
        try (Node node = Node.start(TestNode.config(database, Map.of("sonde.bus", "direct")), clock)) {
            String url = "http://127.0.0.1:" + node.httpPort();

            clock.advance(Duration.ofSeconds(-30));
            HttpResponse<String> atOnce = sonde.post(url, body);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> sonde.get(url, "/readyz").body().matches(".*\"detail\":\"-\\d+ ms ahead.*"));
            HttpResponse<String> unready = sonde.get(url, "/readyz");
            HttpResponse<String> refused = sonde.post(url, body);
            assertThat(sonde.get(url, "/healthz").statusCode()).isEqualTo(200);
            assertThat(sonde.get(url, "/api/v1/windows").statusCode()).isEqualTo(200);
            clock.advance(Duration.ofSeconds(30));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> sonde.get(url, "/readyz").statusCode() == 200);
            HttpResponse<String> taken = sonde.post(url, body);

            assertThat(atOnce.statusCode()).isEqualTo(503);
            assertThat(unready.statusCode()).isEqualTo(503);
            assertThat(unready.body()).contains("\"name\":\"clock\",\"ok\":false", "\"name\":\"journal\",\"ok\":true");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).contains("10");
            assertThat(refused.body()).containsPattern("clock of this node is (29|30)\\d{3} ms behind the database");
            assertThat(taken.body()).contains("\"accepted\":20");
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(sonde.totals()).isEqualTo(Expected.totals(Expected.rows(events))));
        }
    }
}
