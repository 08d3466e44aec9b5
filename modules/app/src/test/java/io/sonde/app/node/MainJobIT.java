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
import io.sonde.testkit.NatsServer;
import io.sonde.testkit.PostgresServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Ten thousand events, some twice, some late, some broken, in any order: every row is what they come to. */
class MainJobIT {
    private static final int EVENTS = 10_000;
    private static final int CLIENTS = 20;
    private static final int TARGETS = 5;
    private static final long SEED = 20_251_120;

    private final PostgresServer.Database database = PostgresServer.shared().newDatabase();
    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();

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
        List<Sent> onTime = events(random, EVENTS * 8 / 10, thisMinute - 60_000, false);
        List<Sent> late = events(random, EVENTS / 20, thisMinute - 600_000, false);
        List<Sent> broken = events(random, EVENTS / 20, thisMinute - 60_000, true);
        List<Sent> all = new ArrayList<>(onTime);
        all.addAll(late);
        all.addAll(broken);
        all.addAll(onTime.subList(0, EVENTS - all.size()));
        Collections.shuffle(all, random);
        Map<String, Map<String, @Nullable Object>> expected = Expected.rows(onTime);

        try (Node node = Node.start(config(settings))) {
            Map<String, Integer> answers = post(all, node.httpPort(), random);

            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(500))
                    .untilAsserted(() -> assertThat(totals(rows())).isEqualTo(totals(expected)));
            assertThat(rows()).isEqualTo(expected);
            assertThat(answers.get("late")).isEqualTo(late.size());
            assertThat(answers.get("refused")).isEqualTo(broken.size());
            assertThat(answers.get("accepted") + answers.getOrDefault("duplicate", 0))
                    .isEqualTo(all.size() - late.size() - broken.size());
            if (counted) {
                assertThat(answers.get("accepted")).isEqualTo(onTime.size());
            }
        }
    }

    /** In requests of one to a hundred events of any clients; sums up what the answers say. */
    private Map<String, Integer> post(List<Sent> all, int port, Random random) throws Exception {
        String token = new TokenTable(database.dataSource(), Clock.systemUTC(), new SecureRandom())
                .create(new NewToken("default", Scope.ADMIN, null, "", null))
                .token()
                .text();
        Map<String, Integer> sums = new HashMap<>();
        for (int from = 0; from < all.size(); ) {
            int to = Math.min(all.size(), from + 1 + random.nextInt(100));
            String body = all.subList(from, to).stream().map(Sent::json).collect(Collectors.joining(",", "[", "]"));
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/events"))
                            .header("Authorization", "Bearer " + token)
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isIn(202, 422);
            JsonNode said = json.readTree(answer.body());
            for (String count : List.of("accepted", "duplicate", "late")) {
                sums.merge(count, said.path(count).asInt(), Integer::sum);
            }
            sums.merge("refused", said.path("refused").size(), Integer::sum);
            from = to;
        }
        return sums;
    }

    private Map<String, Map<String, @Nullable Object>> rows() throws Exception {
        Map<String, Map<String, @Nullable Object>> rows = new TreeMap<>();
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT *, (extract(epoch FROM window_start_ts) * 1000)::bigint AS start_ms FROM agg_1m")) {
            while (row.next()) {
                Map<String, @Nullable Object> columns = new TreeMap<>();
                for (String count : List.of("count_total", "count_success", "count_error")) {
                    columns.put(count, row.getLong(count));
                }
                for (String stage : Expected.STAGES) {
                    String column = stage.toLowerCase(Locale.ROOT) + "_error_count";
                    columns.put(column, row.getLong(column));
                }
                for (String measure : Expected.MEASURES) {
                    columns.put(measure + "_p50", row.getObject(measure + "_p50", Double.class));
                    columns.put(measure + "_p95", row.getObject(measure + "_p95", Double.class));
                }
                rows.put(
                        row.getString("client_id") + " " + row.getString("target") + " " + row.getLong("start_ms"),
                        columns);
            }
        }
        return rows;
    }

    private static Map<String, @Nullable Object> totals(Map<String, Map<String, @Nullable Object>> rows) {
        Map<String, @Nullable Object> totals = new TreeMap<>();
        rows.forEach((window, row) -> totals.put(window, row.get("count_total")));
        return totals;
    }

    private static List<Sent> events(Random random, int count, long minute, boolean broken) {
        List<Sent> events = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Double[] values = new Double[Expected.MEASURES.size()];
            for (int m = 0; m < values.length; m++) {
                values[m] = random.nextInt(4) == 0 ? null : random.nextInt(500_000) / 1_000.0;
            }
            events.add(new Sent(
                    new UUID(random.nextLong(), random.nextLong()),
                    "client-" + random.nextInt(CLIENTS),
                    "http://target-" + random.nextInt(TARGETS) + "/",
                    minute + random.nextInt(60_000),
                    values,
                    random.nextInt(20) == 0
                            ? Expected.STAGES.get(random.nextInt(Expected.STAGES.size()))
                            : null,
                    broken));
        }
        return events;
    }

    private Config config(Map<String, String> settings) {
        return ConfigFactory.load(ConfigFactory.parseMap(settings)
                .withFallback(ConfigFactory.parseMap(Map.of(
                        "sonde.http.port", 0,
                        "sonde.database.url", database.url(),
                        "sonde.database.user", database.user(),
                        "pekko.remote.artery.canonical.port", 0)))
                .withFallback(ConfigFactory.parseResources("node.conf")));
    }
}
