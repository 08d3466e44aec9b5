package io.sonde.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sonde.app.tokens.NewToken;
import io.sonde.app.tokens.TokenTable;
import io.sonde.core.Scope;
import io.sonde.testkit.NatsServer;
import io.sonde.testkit.PostgresServer;
import io.sonde.testkit.Sent;
import io.sonde.testkit.SondeClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a whole node, under load and on the JetStream bus, shows at {@code /metrics}. */
class MetricsIT {
    private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `([a-z][a-z0-9_]*)`");
    private static final Pattern FAMILY = Pattern.compile("(?m)^# TYPE (\\S+) ");
    /** Lines of a scrape, whatever is sent; docs/metrics.md states it. */
    private static final int BOUND = 4_000;

    private static final PostgresServer.Database DATABASE =
            PostgresServer.shared().newDatabase();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static NatsServer nats;
    private static Node node;
    private static String loaded = "";

    @BeforeAll
    static void start() throws Exception {
        nats = NatsServer.start();
        execute("INSERT INTO upkeep_run (what, node, started_at, outcome) VALUES ('days', 'a', now(), 'DONE')");
        node = Node.start(TestNode.config(
                DATABASE,
                Map.of(
                        "sonde.bus",
                        "jetstream",
                        "sonde.nats.url",
                        nats.url(),
                        "sonde.metrics.probes.served",
                        "on",
                        "sonde.metrics.probes.max-series",
                        "2")));
        Random random = new Random(5);
        long thisMinute = System.currentTimeMillis() / 60_000 * 60_000;
        List<Sent> events = Sent.random(random, 500, thisMinute - 60_000, false);
        SondeClient sonde = new SondeClient(DATABASE.dataSource(), TestNode.adminToken(DATABASE));
        sonde.post(events, List.of("http://127.0.0.1:" + node.httpPort()), random);
        sonde.post(events, List.of("http://127.0.0.1:" + node.httpPort()), random);
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> !sonde.totals().isEmpty());
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(get("/metrics", Map.of()).body())
                        .contains("sonde_events_unaccounted{kind=\"qoe\",tenant=\"default\"} 0.0"));
        loaded = get("/metrics", Map.of()).body();
        begin("a problem that is still to be told of");
    }

    /** It takes minutes of slow windows to have one by itself. */
    private static void begin(String problem) throws SQLException {
        execute(
                """
                INSERT INTO incident SELECT '%1$s', series_id, 'dns-bound', 'open', 1, now(), now(), now(), NULL, now(),
                                            '{}', 'r', '[]', now() FROM series LIMIT 1;
                INSERT INTO problem (id, version, tenant, kind, scope, label, started_at, members)
                VALUES ('%1$s', 1, 'default', 'qoe', 'PATH', 'dns-bound', now() - interval '1 minute', '[]');
                INSERT INTO delivery VALUES ('%1$s', 1, '%1$s', 'chat', FALSE, 'DUE', 3, now(), 'no answer', NULL)
                """
                        .formatted(problem));
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = DATABASE.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @AfterAll
    static void stop() throws Exception {
        node.close();
        nats.close();
    }

    @Test
    void whatIsDocumentedIsShownAndWhatIsShownIsDocumented() throws Exception {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(families()).isEqualTo(documented()));
    }

    @Test
    void eventsAreShownByWhatBecameOfThem() throws Exception {
        assertThat(loaded)
                .contains("sonde_events_total{kind=\"qoe\",result=\"received\",tenant=\"default\"} 1000.0")
                .contains("sonde_events_total{kind=\"qoe\",result=\"accepted\",tenant=\"default\"} 500.0")
                .contains("sonde_edge_requests_total{method=\"POST\",route=\"/api/v1/events\",status=\"202\"}");
    }

    @Test
    void whatPeopleWaitForIsShown() throws Exception {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(
                        get("/metrics", Map.of()).body())
                .contains(
                        "sonde_incidents_open{label=\"dns-bound\"} 1.0", "sonde_problems_open{label=\"dns-bound\"} 1.0")
                .containsPattern(
                        "sonde_notifications_oldest_undelivered_seconds\\{channel=\"chat\"} ([6-9][0-9]|[0-9]{3,})\\.")
                .containsPattern("sonde_jdbc_connections_max\\{pool=\"sonde-journals\"} 10\\.")
                .containsPattern("sonde_bus_stream_max_bytes 4\\.29"));
    }

    @Test
    void theFormatIsTheOneThatIsAskedFor() throws Exception {
        HttpResponse<String> text = get("/metrics", Map.of());
        HttpResponse<String> open =
                get("/metrics", Map.of("Accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5"));

        assertThat(text.headers().firstValue("Content-Type")).hasValueSatisfying(type -> assertThat(type)
                .isEqualToIgnoringCase("text/plain; version=0.0.4; charset=utf-8"));
        assertThat(open.headers().firstValue("Content-Type")).hasValueSatisfying(type -> assertThat(type)
                .isEqualToIgnoringCase("application/openmetrics-text; version=1.0.0; charset=utf-8"));
        assertThat(open.body()).endsWith("# EOF\n");
    }

    @Test
    void itIsCompressedWhenAskedFor() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri("/metrics"))
                .header("Accept-Encoding", "gzip")
                .build();

        HttpResponse<byte[]> answer = HTTP.send(request, BodyHandlers.ofByteArray());

        assertThat(answer.headers().firstValue("Content-Encoding")).hasValue("gzip");
        try (var plain = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
            assertThat(new String(plain.readAllBytes(), StandardCharsets.UTF_8)).contains("sonde_events_total");
        }
    }

    @Test
    void theLastMinuteOfASeriesIsShownByTheNamesOfTheBlackboxExporterToReaders() throws Exception {
        String reader = new TokenTable(DATABASE.dataSource(), Clock.systemUTC(), new SecureRandom())
                .create(new NewToken("default", Scope.READ, null, "", null))
                .token()
                .text();

        String shown = get("/probe-metrics", Map.of("Authorization", "Bearer " + reader))
                .body();

        assertThat(get("/probe-metrics", Map.of()).statusCode()).isEqualTo(401);
        assertThat(shown.lines().filter(line -> line.startsWith("probe_success{")))
                .hasSize(2);
        assertThat(shown)
                .containsPattern("probe_duration_seconds\\{client=\"[^\"]+\",instance=\"[^\"]+\"} [0-9]+\\.")
                .containsPattern(
                        "probe_http_duration_seconds\\{client=\"[^\"]+\",instance=\"[^\"]+\",phase=\"connect\"} [0-9]+\\.")
                .doesNotContain("sonde_probe_metrics_left_out_series 0.0");
    }

    @Test
    void aDelayNamesATraceOfWhichItIsOne() throws Exception {
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        String body =
                "{\"schema_version\":1,\"event_id\":\"%s\",\"client_id\":\"c\",\"target\":\"http://a/\",\"ts_ms\":%d,\"traceparent\":\"00-%s-00f067aa0ba902b7-01\"}"
                        .formatted(UUID.randomUUID(), System.currentTimeMillis(), trace);

        send("POST", "/api/v1/events", TestNode.adminToken(DATABASE), body);

        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(
                        get("/metrics", Map.of("Accept", "application/openmetrics-text; version=1.0.0"))
                                .body())
                .containsPattern("sonde_events_ingest_delay_seconds_bucket.*trace_id=\"" + trace)
                .containsPattern("sonde_events_end_to_end_delay_seconds_bucket.*trace_id=\"" + trace)
                .containsPattern("sonde_edge_request_duration_seconds_bucket.*trace_id=\"" + trace));
    }

    @Test
    void aScrapeIsAsSmallWhenTenThousandSeriesReport() throws Exception {
        String token = TestNode.adminToken(DATABASE);
        for (int client = 0; client < 20; client++) {
            StringBuilder events = new StringBuilder();
            for (int target = 0; target < 500; target++) {
                events.append(event("many-" + client, "http://many-" + target + "/"))
                        .append('\n');
            }
            lines(events.toString(), token);
        }

        String scrape = get("/metrics", Map.of()).body();

        assertThat(series()).isLessThan(BOUND);
        assertThat(scrape.length()).isLessThan(400_000);
        assertThat(scrape).doesNotContain("many-");
    }

    private static String event(String client, String target) {
        return "{\"schema_version\":1,\"event_id\":\"%s\",\"client_id\":\"%s\",\"target\":\"%s\",\"ts_ms\":%d}"
                .formatted(UUID.randomUUID(), client, target, System.currentTimeMillis());
    }

    private static void lines(String events, String token) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri("/api/v1/events"))
                .POST(HttpRequest.BodyPublishers.ofString(events))
                .header("Content-Type", "application/x-ndjson")
                .header("Authorization", "Bearer " + token)
                .build();

        assertThat(HTTP.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(202);
    }

    @Test
    void p14HostileTrafficAddsNoSeriesBeyondTheBound() throws Exception {
        Random random = new Random(14);
        String token = TestNode.adminToken(DATABASE);
        long before = series();
        for (int i = 0; i < 120; i++) {
            String made = Long.toUnsignedString(random.nextLong(), 36);
            String body =
                    "{\"schema_version\":%s,\"event_id\":\"%s\",\"client_id\":\"%s\",\"target\":\"http://%s/\",\"ts_ms\":%d,\"error_stage\":\"%s\",\"error_type\":\"%s\",\"%s\":1}"
                            .formatted(
                                    random.nextBoolean() ? "1" : "\"" + made + "\"",
                                    UUID.randomUUID(),
                                    made,
                                    made,
                                    System.currentTimeMillis(),
                                    random.nextBoolean() ? "DNS" : made,
                                    made,
                                    made);
            send("POST", "/api/v1/events", random.nextBoolean() ? token : made, body);
            send(made.replaceAll("[0-9]", "X").toUpperCase(Locale.ROOT), "/api/v1/events", token, "");
            send("GET", "/" + made + "/" + i, token, "");
            send("DELETE", "/api/v1/silences/" + made, token, "");
        }

        assertThat(series()).isLessThan(BOUND).isLessThan(before + 60);
    }

    private static long series() throws Exception {
        return get("/metrics", Map.of())
                .body()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .count();
    }

    private static void send(String method, String path, String token, String body) throws Exception {
        HTTP.send(
                HttpRequest.newBuilder(uri(path))
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .header("Content-Type", "application/json")
                        .header("Authorization", "Bearer " + token)
                        .build(),
                BodyHandlers.discarding());
    }

    private static Set<String> documented() throws IOException {
        String document = Files.readString(Path.of("..", "..", "docs", "metrics.md"));
        String ofTheNode = document.substring(document.indexOf("## The node"), document.indexOf("## The probe"));
        return found(DOCUMENTED, ofTheNode).stream()
                .map(name -> name.replaceFirst("_total$", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> families() throws Exception {
        return found(FAMILY, get("/metrics", Map.of()).body()).stream()
                .map(name -> name.replaceFirst("_total$", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static HttpResponse<String> get(String path, Map<String, String> headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
        headers.forEach(request::header);
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private static URI uri(String path) {
        return URI.create("http://127.0.0.1:" + node.httpPort() + path);
    }
}
