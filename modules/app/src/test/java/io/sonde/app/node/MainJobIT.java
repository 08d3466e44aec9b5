package io.sonde.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sonde.testkit.Expected;
import io.sonde.testkit.NatsServer;
import io.sonde.testkit.PostgresServer;
import io.sonde.testkit.Sent;
import io.sonde.testkit.SondeClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Ten thousand events, some twice, some late, some broken, in any order: every row is what they come to. */
class MainJobIT {
    private static final int EVENTS = 10_000;
    private static final long SEED = 20_251_120;

    private final PostgresServer.Database database = PostgresServer.shared().newDatabase();
    private final SondeClient sonde = new SondeClient(database.dataSource(), TestNode.adminToken(database));

    @Test
    void p3OnTheDirectBusEveryRowIsWhatTheDistinctEventsComeTo() throws Exception {
        sendAndCompare(Map.of("sonde.bus", "direct"), true);
    }

    @Test
    void p3OnJetStreamEveryRowIsWhatTheDistinctEventsComeTo() throws Exception {
        NatsServer nats = NatsServer.start();
        try {
            sendAndCompare(Map.of("sonde.bus", "jetstream", "sonde.nats.url", nats.url()), false);
        } finally {
            nats.close();
        }
    }

    private void sendAndCompare(Map<String, String> settings, boolean counted) throws Exception {
        Random random = new Random(SEED);
        long thisMinute = System.currentTimeMillis() / 60_000 * 60_000;
        List<Sent> onTime = Sent.random(random, EVENTS * 8 / 10, thisMinute - 60_000, false);
        List<Sent> late = Sent.random(random, EVENTS / 20, thisMinute - 600_000, false);
        List<Sent> broken = Sent.random(random, EVENTS / 20, thisMinute - 60_000, true);
        List<Sent> all = new ArrayList<>(onTime);
        all.addAll(late);
        all.addAll(broken);
        all.addAll(onTime.subList(0, EVENTS - all.size()));
        Collections.shuffle(all, random);
        Map<String, Map<String, @Nullable Object>> expected = Expected.rows(onTime);

        try (Node node = Node.start(TestNode.config(database, settings))) {
            Map<String, Integer> answers = sonde.post(all, List.of("http://127.0.0.1:" + node.httpPort()), random);

            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(500))
                    .untilAsserted(() -> assertThat(sonde.totals()).isEqualTo(Expected.totals(expected)));
            assertThat(sonde.rows()).isEqualTo(expected);
            assertThat(answers.get("late")).isEqualTo(late.size());
            assertThat(answers.get("refused")).isEqualTo(broken.size());
            assertThat(answers.getOrDefault("accepted", 0) + answers.getOrDefault("duplicate", 0))
                    .isEqualTo(all.size() - late.size() - broken.size());
            if (counted) {
                assertThat(answers.get("accepted")).isEqualTo(onTime.size());
            }
        }
    }
}
