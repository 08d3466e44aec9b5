package io.sonde.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sonde.query.export.Csv;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExportIT {
    private static final Instant HOUR = Instant.parse("2026-11-20T09:00:00Z");
    private static final String TARGET = "https://example.org/";
    private static final int MANY = 60_000;
    /** Names that mean something to a browser, a spreadsheet, a shell or the eye. */
    private static final List<String> HOSTILE = List.of(
            "<script>alert(1)</script>",
            "\"quoted\", 'and' more",
            "\u202egnp.exe",
            "😀".repeat(128),
            "=cmd|' /C calc'!A0",
            "@SUM(1)",
            "-2+3",
            "a\r\nb",
            "'; DROP TABLE series; --");

    private final Stored stored = new Stored();
    private final AtomicInteger asked = new AtomicInteger();
    private final Api api;

    @TempDir
    private Path files;

    ExportIT() throws Exception {
        api = new Api(counted(stored.dataSource), series -> CompletableFuture.completedFuture(List.of()));
    }

    @BeforeAll
    void fill() throws Exception {
        for (int i = 0; i < 12; i++) {
            stored.minute("default", "berlin-1", TARGET, HOUR.plusSeconds(i * 60L), 3.5 + i, 1.25, 80);
        }
        for (String name : HOSTILE) {
            stored.minute("hostile", name, "https://" + name, HOUR, 7);
            stored.incident("i-" + name, "hostile", name, "https://" + name, "dns-bound", "open", HOUR);
        }
        stored.minute("other", "spy", TARGET, HOUR, 7);
        stored.incident("i1", "default", "berlin-1", TARGET, "dns-bound", "open", HOUR);
        stored.incident("i2", "default", "berlin-1", TARGET, "tls-failure", "cleared", HOUR.plusSeconds(60));
        stored.execute(
                "SELECT ensure_window_partition(month) FROM (VALUES ('2026-10-01Z'::timestamptz), ('2026-11-01Z')) m (month)",
                statement -> {});
        stored.minute("many", "m", TARGET, Instant.parse("2026-10-01T00:00:00Z"), 7);
        stored.execute(
                "INSERT INTO window_1m SELECT w.series_id, w.window_start + n * INTERVAL '1 min', w.updated_at, w.revision,"
                        + " w.success, w.errors, w.counts, w.mins, w.maxs, w.p50s, w.p95s, w.summary, w.reasons, w.label,"
                        + " w.score, w.rules, w.verdicts FROM window_1m w JOIN series s USING (series_id),"
                        + " generate_series(1, " + (MANY - 1) + ") n WHERE s.tenant = 'many'",
                statement -> {});
        stored.execute("ANALYZE", statement -> {});
    }

    @AfterAll
    void stop() throws Exception {
        api.close();
    }

    @Test
    void aCsvSaysWhatTheListSaysWithUnitsInItsHeader() {
        HttpResponse<byte[]> answer = export(
                "what=windows&client_id=berlin-1&from=2026-11-20T09:00:00Z" + "&to=2026-11-20T10:00:00Z&resolution=1m");

        assertThat(answer.headers().firstValue("content-type")).hasValue("text/csv; header=present; charset=UTF-8");
        assertThat(answer.headers().firstValue("content-disposition"))
                .hasValue("attachment; filename=\"sonde-windows-1m-20261120T090000Z-20261120T100000Z.csv\"");
        List<List<String>> lines = csv(answer);
        List<String> header = lines.get(0);
        assertThat(lines).hasSize(13);
        assertThat(header)
                .startsWith("client_id", "target", "window_start_ts", "count_total")
                .contains("dns_p95 [ms]", "throughput_p50 [kbit/s]", "total_p50 [ms]");
        List<String> third = lines.get(3);
        assertThat(third.get(header.indexOf("window_start_ts"))).isEqualTo("2026-11-20T09:02:00Z");
        assertThat(third.get(header.indexOf("dns_p50 [ms]"))).isEqualTo("5.5");
        assertThat(third.get(header.indexOf("tls_p50 [ms]"))).isEmpty();
        assertThat(third.get(header.indexOf("tcp_error_count"))).isEqualTo("2");
        assertThat(third.get(header.indexOf("reasons"))).isEqualTo("{\"TCP\":{\"refused\":2}}");
        assertThat(third.get(header.indexOf("diagnosis_label"))).isEqualTo("dns-bound");
    }

    @Test
    void aJsonFileIsOneArrayWithALineForEachRow() throws Exception {
        HttpResponse<byte[]> answer = export("what=incidents&format=json&state=open");
        JsonNode rows = new ObjectMapper().readTree(answer.body());

        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(rows).hasSize(1);
        assertThat(rows.at("/0/id").asText()).isEqualTo("i1");
        assertThat(rows.at("/0/ended_ts").isNull()).isTrue();
        assertThat(rows.at("/0/peak_severity").asDouble()).isEqualTo(3.5);
        assertThat(rows.at("/0/peak_verdict/evidence/0/observed").asDouble()).isEqualTo(80);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8).lines()).hasSize(3);
        assertThat(new ObjectMapper()
                        .readTree(
                                export("what=incidents&format=json&label=none").body()))
                .isEmpty();
    }

    /** By a reader that has nothing in common with what wrote it. */
    @Test
    void aParquetFileIsReadByDuckDb() throws Exception {
        HttpResponse<byte[]> answer =
                export("what=windows&format=parquet&resolution=1m&from=2026-11-20T09:00:00Z&to=2026-11-20T10:00:00Z");

        assertThat(answer.headers().firstValue("content-disposition").orElseThrow())
                .endsWith(".parquet\"");
        Path file = file("windows", answer);
        assertThat(rows(
                        "SELECT count(*), min(client_id), min(dns_p50), max(dns_p50), count(tls_p50), sum(tcp_error_count),"
                                + " min(epoch_ms(window_start_ts)), min(reasons::VARCHAR) FROM '" + file + "'"))
                .containsExactly("12 | berlin-1 | 3.5 | 14.5 | 0 | 24 | " + HOUR.toEpochMilli()
                        + " | {\"TCP\":{\"refused\":2}}");
        assertThat(rows("SELECT decode(value) FROM parquet_kv_metadata('" + file + "')"
                        + " WHERE decode(key) = 'unit.throughput_p95'"))
                .containsExactly("kbit/s");
        assertThat(rows("SELECT DISTINCT compression FROM parquet_metadata('" + file + "')"))
                .containsExactly("LZ4_RAW");
    }

    @Test
    void aLongParquetFileIsWrittenInBlocksAndReadWhole() throws Exception {
        Path file = file(
                "many",
                export("what=windows&format=parquet&from=2026-10-06T00:00:00Z&to=2026-10-13T00:00:00Z", "read-many"));

        assertThat(rows("SELECT count(*), count(DISTINCT window_start_ts), min(total_p50) FROM '" + file + "'"))
                .containsExactly("10080 | 10080 | 7.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"series", "clients", "targets", "incidents", "diagnoses", "problems"})
    void everyListIsTakenAwayInEveryFormat(String what) throws Exception {
        stored.execute(
                "INSERT INTO problem (id, version, tenant, kind, scope, label, started_at, members, ack) VALUES ('p', 1,"
                        + " 'default', 'qoe', 'PATH', 'dns-bound', '2026-11-20T09:00:00Z', '[]',"
                        + " '{\"by\":\"eva\",\"note\":\"on it\",\"at\":1795168800000}') ON CONFLICT DO NOTHING",
                statement -> {});
        JsonNode listed = api.get("/api/v1/" + what).body().get(what);
        List<List<String>> csv = csv(export("what=" + what));
        JsonNode json = new ObjectMapper()
                .readTree(export("what=" + what + "&format=json").body());
        Path file = file(what, export("what=" + what + "&format=parquet"));

        assertThat(listed).isNotEmpty();
        assertThat(csv).hasSize(1 + listed.size());
        assertThat(json).hasSize(listed.size());
        assertThat(rows("SELECT count(*) FROM '" + file + "'")).containsExactly(Integer.toString(listed.size()));
        List<String> names = new ArrayList<>();
        json.get(0).fieldNames().forEachRemaining(names::add);
        assertThat(csv.get(0)).isEqualTo(names);
    }

    @Test
    void theFiltersAreThoseOfTheList() {
        assertThat(csv(export("what=clients&status=troubled"))).hasSize(2);
        assertThat(csv(export("what=clients&status=well"))).hasSize(1);
        assertThat(csv(export("what=incidents&label=tls-failure"))).hasSize(2);
        assertThat(csv(export("what=windows&target=https://other/&from=2026-11-20T09:00:00Z")))
                .hasSize(1);
    }

    @Test
    void whoMayNotReadTakesNothingAwayAndNobodyMoreThanItsTenants() {
        assertThat(api.raw("GET", "/api/v1/export?what=clients", "").statusCode())
                .isEqualTo(401);
        assertThat(api.raw("GET", "/api/v1/export?what=clients", "ingest-default")
                        .statusCode())
                .isEqualTo(403);
        assertThat(api.raw("POST", "/api/v1/export?what=clients", "read-default")
                        .statusCode())
                .isEqualTo(405);
        assertThat(column(csv(export("what=clients", "read-other")), "client_id"))
                .containsExactly("spy");
        assertThat(csv(export("what=clients", "read-nobody"))).hasSize(1);
    }

    @Test
    void hostileNamesComeThroughEveryListAndFileAsTheyAreAndAreNoFormula() throws Exception {
        List<String> listed = new ArrayList<>();
        api.get("/api/v1/clients", "read-hostile")
                .body()
                .get("clients")
                .forEach(client -> listed.add(client.get("client_id").asText()));
        List<String> fromCsv = column(csv(export("what=clients", "read-hostile")), "client_id");
        JsonNode json = new ObjectMapper()
                .readTree(export("what=clients&format=json", "read-hostile").body());
        Path parquet = file("hostile", export("what=clients&format=parquet", "read-hostile"));

        assertThat(listed).containsExactlyInAnyOrderElementsOf(HOSTILE);
        assertThat(fromCsv).hasSameSizeAs(HOSTILE).noneMatch(cell -> cell.matches("(?s)[=+\\-@\t\r].*"));
        assertThat(fromCsv.stream().map(cell -> cell.replaceFirst("^'(?=[=+\\-@])", "")))
                .containsExactlyInAnyOrderElementsOf(HOSTILE);
        assertThat(json).extracting(row -> row.get("client_id").asText()).containsExactlyInAnyOrderElementsOf(HOSTILE);
        assertThat(rows("SELECT client_id FROM '" + parquet + "'")).containsExactlyInAnyOrderElementsOf(HOSTILE);
        for (String name : HOSTILE) {
            String of = "client_id=" + Api.escape(name);
            assertThat(api.get("/api/v1/incidents?" + of, "read-hostile")
                            .body()
                            .at("/incidents/0/client_id")
                            .asText())
                    .isEqualTo(name);
            assertThat(csv(export("what=windows&" + of + "&from=2026-11-20T09:00:00Z", "read-hostile")))
                    .hasSize(2);
            assertThat(api.get(
                                    "/api/v1/series/distribution?measure=dns&" + of + "&target="
                                            + Api.escape("https://" + name),
                                    "read-hostile")
                            .body()
                            .get("count")
                            .asLong())
                    .isEqualTo(1);
        }
    }

    @Test
    void moreThanOneFileHoldsIsRefusedBeforeItBegins() throws Exception {
        stored.execute(
                "INSERT INTO series (tenant, kind, source, target, target_hash, first_window, last_window)"
                        + " SELECT 'crowd', 'qoe', 'c' || n, 't', sha256('t'), now(), now() FROM generate_series(0, "
                        + ExportRoutes.MOST_ROWS + ") n",
                statement -> {});

        for (String what : List.of("clients", "series")) {
            HttpResponse<byte[]> refused = export("what=" + what, "read-crowd");

            assertThat(refused.statusCode())
                    .as(new String(refused.body(), StandardCharsets.UTF_8))
                    .isEqualTo(400);
            assertThat(new String(refused.body(), StandardCharsets.UTF_8))
                    .contains("/problems/too-many-rows", "100000 rows", "in parts");
        }
        assertThat(csv(export("what=clients&prefix=c9999", "read-crowd"))).hasSize(1 + 11);
    }

    /** The reader takes a little and then nothing: so many pages are asked for as fit on the way, and not all. */
    @Test
    void aReaderThatStopsHoldsUpTheQuestionsAndOneThatGoesEndsThem() throws Exception {
        asked.set(0);
        try (Socket reader = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
            reader.getOutputStream()
                    .write(
                            "GET /api/v1/export?what=diagnoses HTTP/1.1\r\nHost: sonde\r\nAuthorization: Bearer read-many\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            InputStream answer = reader.getInputStream();
            assertThat(new String(answer.readNBytes(15), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 200 OK");

            int held = standing();

            assertThat(held).as("pages asked for").isLessThan(MANY / 1_000);
            answer.readNBytes(4 << 20);
            await().untilAsserted(() -> assertThat(asked.get()).isGreaterThan(held));
        }
        int left = standing();
        assertThat(left).as("pages asked for until the reader went").isLessThan(MANY / 1_000);
    }

    /** How many questions were asked once no more are. */
    private int standing() {
        AtomicInteger last = new AtomicInteger(-1);
        await().pollInterval(Duration.ofMillis(100))
                .during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(30))
                .until(() -> last.getAndSet(asked.get()) == asked.get());
        return last.get();
    }

    private HttpResponse<byte[]> export(String query) {
        HttpResponse<byte[]> answer = export(query, "read-default");
        assertThat(answer.statusCode()).as(query).isEqualTo(200);
        return answer;
    }

    private HttpResponse<byte[]> export(String query, String token) {
        return api.raw("GET", "/api/v1/export?" + query, token);
    }

    private static List<List<String>> csv(HttpResponse<byte[]> answer) {
        return Csv.read(new String(answer.body(), StandardCharsets.UTF_8));
    }

    private static List<String> column(List<List<String>> csv, String name) {
        int at = csv.get(0).indexOf(name);
        return csv.stream().skip(1).map(line -> line.get(at)).toList();
    }

    private Path file(String name, HttpResponse<byte[]> answer) throws Exception {
        assertThat(answer.statusCode()).isEqualTo(200);
        return Files.write(files.resolve(name + ".parquet"), answer.body());
    }

    private static List<String> rows(String sql) throws Exception {
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (found.next()) {
                List<String> cells = new ArrayList<>();
                for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                    cells.add(found.getString(i));
                }
                rows.add(String.join(" | ", cells));
            }
            return rows;
        }
    }

    /** One connection is taken for each question. */
    private DataSource counted(DataSource to) {
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getConnection")) {
                        asked.incrementAndGet();
                    }
                    try {
                        return method.invoke(to, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
