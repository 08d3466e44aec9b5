package io.sonde.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sonde.core.Accounts;
import io.sonde.core.Distribution;
import io.sonde.core.SeriesId;
import io.sonde.core.Summary;
import io.sonde.core.WindowAggregate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QueryRoutesIT {
    private static final Instant HOUR = Instant.parse("2026-11-20T09:00:00Z");
    private static final String TARGET = "https://example.org/health?a=b&c=d";
    private static final SeriesId OPEN = new SeriesId("default", "qoe", "berlin-1", TARGET);

    private final Stored stored = new Stored();
    private final List<SeriesId> asked = new CopyOnWriteArrayList<>();
    private final Api api;

    QueryRoutesIT() throws Exception {
        api = new Api(stored.dataSource, series -> {
            asked.add(series);
            return CompletableFuture.completedFuture(series.equals(OPEN) ? List.of(openWindow()) : List.of());
        });
    }

    @BeforeAll
    void fill() throws Exception {
        for (int i = 0; i < 12; i++) {
            stored.minute("default", "berlin-1", TARGET, HOUR.plusSeconds(i * 60L), 3.5 + i, 1.25, 80);
        }
        stored.minute(
                "default",
                "berlin-1",
                "https://many.example/",
                HOUR,
                IntStream.range(1, 101).asDoubleStream().toArray());
        stored.minute("default", "paris-1", TARGET, HOUR, 7);
        stored.minute("other", "spy", TARGET, HOUR, 7);
        stored.minute("old", "paris-1", "https://old.example/", HOUR, 7);
        stored.overview("default", "berlin-1", HOUR, List.of(TARGET, "https://many.example/"), 7, 80);
        stored.overview("default", "berlin-1", HOUR.plusSeconds(60), List.of(TARGET), 9);
        stored.overview("other", "spy", HOUR, List.of(TARGET), 1_000);
        for (int i = 0; i < 5; i++) {
            String label = i % 2 == 0 ? "dns-bound" : "server-bound";
            String state = i == 4 ? "open" : "cleared";
            stored.incident("i" + i, "default", "berlin-1", TARGET, label, state, HOUR.plusSeconds(i * 600L));
        }
        stored.incident("p", "default", "paris-1", TARGET, "tls-failure", "silent", HOUR.plusSeconds(1));
        stored.incident("s", "other", "spy", TARGET, "dns-bound", "open", HOUR);
        stored.silence("ended", "default", "berlin-*", null, HOUR, HOUR.plusSeconds(600));
        stored.silence("holds", "default", "berlin-*", null, HOUR, Api.NOW.plusSeconds(1));
        stored.silence("all", "default", null, null, Api.NOW, Api.NOW.plusSeconds(60));
        stored.silence("will", "default", "*_%\\", "https://a_c/*", Api.NOW.plusSeconds(1), Api.NOW.plusSeconds(90));
        stored.silence("foreign", "other", null, null, HOUR, Api.NOW.plusSeconds(60));
        stored.journalled(OPEN.sourceId(1));
        stored.says("berlin-1", "{\"interface_type\":\"wifi\",\"vpn_enabled\":\"false\"}");
    }

    @AfterAll
    void stop() throws Exception {
        api.close();
    }

    @Test
    void aWindowHasEveryColumnOfAgg1m() throws Exception {
        Map<String, String> row = stored.agg1m("https://many.example/").get(0);

        JsonNode window =
                windows("target=" + Api.escape("https://many.example/")).get(0);

        assertThat(row.remove("tenant")).as("a token sees its own alone").isEqualTo("default");
        assertThat(row.remove("rules_version")).isEqualTo(window.get("rules").asText());
        row.forEach((column, value) -> {
            assertThat(window.has(column)).as(column).isTrue();
            switch (column) {
                case "window_start_ts", "updated_at" ->
                    assertThat(Instant.parse(window.get(column).asText()))
                            .isEqualTo(Instant.parse(value.replace(' ', 'T').replace("+00", "Z")));
                case "client_id", "target", "diagnosis_label" ->
                    assertThat(window.get(column).asText()).isEqualTo(value);
                default ->
                    assertThat(
                                    window.get(column).isNull()
                                            ? "null"
                                            : number(window.get(column).asText()))
                            .as(column)
                            .isEqualTo(value.equals("null") ? value : number(value));
            }
        });
        assertThat(window.get("revision").asLong()).isEqualTo(102);
        assertThat(window.get("dns_count").asLong()).isEqualTo(100);
        assertThat(window.get("dns_min").asDouble()).isEqualTo(1);
        assertThat(window.get("dns_max").asDouble()).isEqualTo(100);
        assertThat(window.get("dns_p95").asDouble()).isEqualTo(95);
        assertThat(window.get("tls_p95").isNull()).isTrue();
        assertThat(window.get("tls_count").asLong()).isZero();
        assertThat(window.get("percentiles").asText()).isEqualTo("exact");
        assertThat(window.at("/reasons/TCP/refused").asLong()).isEqualTo(2);
    }

    @Test
    void longerWindowsSayWhereTheirPercentilesComeFrom() {
        JsonNode exact = windows("client_id=berlin-1&resolution=1h&target=" + Api.escape(TARGET))
                .get(0);
        JsonNode sketch = windows(
                        "resolution=1d&from=2026-11-01T00:00:00Z&target=" + Api.escape("https://many.example/"))
                .get(0);

        assertThat(exact.get("count_total").asLong()).isEqualTo(12 * 5);
        assertThat(exact.get("percentiles").asText()).isEqualTo("exact");
        assertThat(exact.get("dns_p50").asDouble()).isEqualTo(8.5);
        assertThat(exact.get("diagnosis_label").isNull()).isTrue();
        assertThat(exact.get("score").asInt()).isEqualTo(42);
        assertThat(exact.get("verdicts")).isEmpty();
        assertThat(sketch.get("percentiles").asText()).isEqualTo("sketch");
        assertThat(sketch.get("relative_error").asDouble()).isEqualTo(0.01);
        assertThat(sketch.get("window_start_ts").asText()).isEqualTo("2026-11-20T00:00:00Z");
        assertThat(windows("resolution=5m&client_id=berlin-1&target=" + Api.escape(TARGET)))
                .hasSize(3);
    }

    @Test
    void aWindowSaysWhyItIsSlowWithItsEvidence() throws Exception {
        JsonNode judged =
                windows("client_id=berlin-1&target=" + Api.escape(TARGET)).get(0);
        JsonNode old = api.get("/api/v1/windows", "read-old").body().at("/windows/0");

        assertThat(judged.get("score").asInt()).isEqualTo(42);
        assertThat(judged.get("rules").asText()).isEqualTo("qoe-1");
        assertThat(judged.get("verdicts")).hasSize(1);
        assertThat(judged.at("/verdicts/0")).isEqualTo(verdict());
        assertThat(old.get("diagnosis_label").isNull()).isTrue();
        assertThat(old.get("score").isNull()).isTrue();
        assertThat(old.get("rules").isNull()).isTrue();
        assertThat(old.get("verdicts")).isEmpty();
    }

    @Test
    void diagnosedMinutesAreListedTheLatestFirstByPagesAndFilters() {
        List<String> all = paged("diagnoses", "limit=4", "window_start_ts");
        List<String> some = paged(
                "diagnoses",
                "limit=2&client_id=berlin-1&label=dns-bound&target=" + Api.escape(TARGET)
                        + "&from=2026-11-20T09:03:00Z&to=2026-11-20T09:08:00Z",
                "window_start_ts");

        assertThat(all).hasSize(14).isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(some)
                .containsExactly(
                        "2026-11-20T09:07:00Z",
                        "2026-11-20T09:06:00Z",
                        "2026-11-20T09:05:00Z",
                        "2026-11-20T09:04:00Z",
                        "2026-11-20T09:03:00Z");
        assertThat(paged("diagnoses", "label=server-bound", "label")).isEmpty();
    }

    @Test
    void incidentsAreListedTheLatestFirstByPagesAndFilters() {
        assertThat(paged("incidents", "limit=2", "id")).containsExactly("i4", "i3", "i2", "i1", "p", "i0");
        assertThat(paged("incidents", "state=open", "id")).containsExactly("i4");
        assertThat(paged("incidents", "limit=1&label=dns-bound", "id")).containsExactly("i4", "i2", "i0");
        assertThat(paged("incidents", "client_id=paris-1", "id")).containsExactly("p");
        assertThat(paged("incidents", "target=other", "id")).isEmpty();
        assertThat(paged(
                        "incidents",
                        "limit=1&client_id=berlin-1&from=2026-11-20T09:12:00Z&to=2026-11-20T09:30:00Z",
                        "id"))
                .as("i0 had ended, i3 began at half past")
                .containsExactly("i2", "i1");
    }

    @Test
    void silencesAreListedTheLastToEndFirstByPagesAndFilters() {
        assertThat(paged("silences", "", "id")).containsExactly("will", "all", "holds");
        assertThat(paged("silences", "limit=1", "id")).containsExactly("will", "all", "holds");
        assertThat(paged("silences", "limit=3&state=any", "id")).containsExactly("will", "all", "holds", "ended");
        assertThat(paged("silences", "state=active", "id")).containsExactly("all", "holds");
        assertThat(paged("silences", "state=pending", "id")).containsExactly("will");
        assertThat(paged("silences", "state=expired", "id")).containsExactly("ended");
        assertThat(paged("silences", "state=any&from=2026-11-20T09:10:00Z&to=2026-11-20T10:00:00Z", "id"))
                .as("one had ended, two had not begun")
                .containsExactly("holds");
    }

    @Test
    void silencesAreFoundByWhatTheyAreSilentAbout() {
        assertThat(paged("silences", "client_id=berlin-1", "id")).containsExactly("all", "holds");
        assertThat(paged("silences", "client_id=Berlin-1&label=dns-bound", "id"))
                .containsExactly("all");
        assertThat(paged("silences", "target=" + Api.escape("https://a_c/x"), "id"))
                .containsExactly("will", "all", "holds");
        assertThat(paged("silences", "target=" + Api.escape("https://abc/x"), "id"))
                .as("only * stands for others")
                .containsExactly("all", "holds");
        assertThat(paged("silences", "client_id=" + Api.escape("x_%\\"), "id")).containsExactly("will", "all");
        assertThat(paged("silences", "client_id=" + Api.escape("x__\\"), "id")).containsExactly("all");
    }

    @Test
    void anIncidentIsReadByItsId() throws Exception {
        JsonNode open = api.get("/api/v1/incidents/i4").body();
        JsonNode ended = api.get("/api/v1/incidents/i3").body();

        assertThat(open.get("client_id").asText()).isEqualTo("berlin-1");
        assertThat(open.get("target").asText()).isEqualTo(TARGET);
        assertThat(open.get("label").asText()).isEqualTo("dns-bound");
        assertThat(open.get("state").asText()).isEqualTo("open");
        assertThat(open.get("version").asLong()).isEqualTo(4);
        assertThat(open.get("onset_ts").asText()).isEqualTo("2026-11-20T09:40:00Z");
        assertThat(open.get("opened_ts").asText()).isEqualTo("2026-11-20T09:42:00Z");
        assertThat(open.get("last_seen_ts").asText()).isEqualTo("2026-11-20T09:50:00Z");
        assertThat(open.get("ended_ts").isNull()).isTrue();
        assertThat(open.at("/peak/window_start_ts").asText()).isEqualTo("2026-11-20T09:43:00Z");
        assertThat(open.at("/peak/verdict")).isEqualTo(verdict());
        assertThat(open.at("/timeline/0/label").asText()).isEqualTo("dns-bound");
        assertThat(ended.get("ended_ts").asText()).isEqualTo("2026-11-20T09:41:00Z");
    }

    @Test
    void aProblemIsReadByItsIdInItsTenantAlone() throws Exception {
        problem("i4");

        assertThat(api.get("/api/v1/problems/i4").text("label")).isEqualTo("dns-bound");
        assertThat(api.get("/api/v1/problems/i4").body())
                .isEqualTo(api.get("/api/v1/problems").body().at("/problems/0"));
        assertThat(api.get("/api/v1/problems/i4", "read-other").status()).isEqualTo(404);
        assertThat(api.get("/api/v1/problems/i5").text("detail")).contains("no problem with this id");
    }

    @Test
    void anIncidentThatIsNotThereOrAnothersIsNotFound() {
        for (String id : List.of("unknown", "s", "i4%00", "..")) {
            Api.Answer answer = api.get("/api/v1/incidents/" + id);

            assertThat(answer.status()).as(id).isIn(400, 404);
            assertThat(answer.contentType()).startsWith("application/problem+json");
        }
        assertThat(api.get("/api/v1/incidents/s").text("detail")).contains("no incident with this id");
        assertThat(api.get("/api/v1/incidents/s", "read-other").status()).isEqualTo(200);
    }

    @Test
    void pagesGoOnWhereTheLastOneEnded() {
        List<String> starts = new ArrayList<>();
        String next = "";
        do {
            Api.Answer page = api.get("/api/v1/windows?client_id=berlin-1&limit=5&target=" + Api.escape(TARGET)
                    + (next.isEmpty() ? "" : "&cursor=" + next));
            page.body()
                    .get("windows")
                    .forEach(window -> starts.add(window.get("window_start_ts").asText()));
            next = page.body().path("next").asText("");
        } while (!next.isEmpty());

        assertThat(starts).hasSize(12).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aWindowIsSealedWhenNothingReceivedInTimeIsOutstanding() {
        api.watermarkMs.set(HOUR.plusSeconds(60 + 120 + 10).toEpochMilli());
        List<Boolean> sealed = new ArrayList<>();
        windows("client_id=berlin-1&target=" + Api.escape(TARGET))
                .forEach(window -> sealed.add(window.get("sealed").asBoolean()));
        api.watermarkMs.set(Long.MIN_VALUE);
        JsonNode unknown =
                windows("client_id=berlin-1&target=" + Api.escape(TARGET)).get(0);
        api.watermarkMs.set(Api.NOW.toEpochMilli());

        assertThat(sealed).startsWith(true, false).doesNotContainSequence(false, true);
        assertThat(unknown.get("sealed").asBoolean()).isFalse();
    }

    @Test
    void openWindowsComeFromWhoCountsThem() {
        JsonNode live = api.get("/api/v1/live?client_id=berlin-1&target=" + Api.escape(TARGET))
                .body();
        JsonNode none = api.get("/api/v1/live?client_id=berlin-1&target=other").body();

        assertThat(live.get("windows")).hasSize(1);
        assertThat(live.at("/windows/0/revision").asLong()).isEqualTo(1);
        assertThat(live.at("/windows/0/sealed").asBoolean()).isFalse();
        assertThat(live.at("/windows/0/updated_at").isNull()).isTrue();
        assertThat(live.at("/windows/0/throughput_p50").asDouble()).isEqualTo(48_211.5);
        assertThat(none.get("windows")).isEmpty();
    }

    @Test
    void anInventedClientHasNoOpenWindowsAndNobodyIsAskedForThem() {
        int before = asked.size();

        Api.Answer invented = api.get("/api/v1/live?client_id=invented&target=" + Api.escape(TARGET));
        Api.Answer foreign = api.get("/api/v1/live?client_id=berlin-1&target=" + Api.escape(TARGET), "read-other");

        assertThat(invented.status()).isEqualTo(200);
        assertThat(invented.body().get("windows")).isEmpty();
        assertThat(foreign.body().get("windows")).isEmpty();
        assertThat(asked).hasSize(before);
    }

    @Test
    void aWindowThatToOrFromCutsIsGivenWhole() {
        JsonNode whole = windows("resolution=5m&client_id=berlin-1&from=2026-11-20T09:02:00Z&to=2026-11-20T09:08:00Z"
                + "&target=" + Api.escape(TARGET));

        assertThat(whole).hasSize(2);
        assertThat(whole.get(0).get("window_start_ts").asText()).isEqualTo("2026-11-20T09:00:00Z");
        assertThat(whole.get(1).get("count_total").asLong()).isEqualTo(5 * 5);
    }

    @Test
    void theLongestSpanHasPagesToo() {
        Api.Answer first =
                api.get("/api/v1/windows?limit=1&resolution=5m&from=2026-10-20T09:32:10Z&to=2026-11-20T09:32:10Z");

        Api.Answer second = api.get("/api/v1/windows?limit=1&resolution=5m&cursor=" + first.text("next"));

        assertThat(second.status()).isEqualTo(200);
        assertThat(second.body().get("windows")).hasSize(1);
    }

    @Test
    void anOverviewIsOfAllSeriesTogether() {
        JsonNode overview = api.get("/api/v1/overview").body();

        JsonNode all = overview.get("all");
        assertThat(overview.get("from").asText()).isEqualTo("2026-11-20T09:00:00Z");
        assertThat(overview.get("to").asText()).isEqualTo("2026-11-20T10:00:00Z");
        assertThat(overview.get("step_s").asInt()).isEqualTo(60);
        assertThat(overview.get("complete_until").asText()).isEqualTo("2026-11-20T09:59:00Z");
        assertThat(overview.get("kept_from").isNull()).isTrue();
        assertThat(overview.get("open_incidents").asInt()).isEqualTo(1);
        assertThat(overview.at("/units/throughput").asText()).isEqualTo("kbit/s");
        assertThat(all.get("client_count").asInt()).isEqualTo(1);
        assertThat(all.get("target_count").asInt()).isEqualTo(2);
        assertThat(all.get("series_count").asInt()).isEqualTo(2);
        assertThat(all.get("window_count").asInt()).isEqualTo(3);
        assertThat(all.get("count_total").asInt()).isEqualTo(7);
        assertThat(all.get("tcp_error_count").asInt()).isEqualTo(4);
        assertThat(all.at("/reasons/TCP/refused").asInt()).isEqualTo(4);
        assertThat(all.get("total_p50").asDouble()).isEqualTo(9);
        assertThat(all.get("total_p95").asDouble()).isEqualTo(80);
        assertThat(all.get("tls_p95").isNull()).isTrue();
        assertThat(all.get("score").asInt()).isEqualTo(42);
        assertThat(overview.get("steps")).hasSize(2);
        assertThat(overview.at("/steps/1/start_ts").asText()).isEqualTo("2026-11-20T09:01:00Z");
        assertThat(overview.at("/steps/1/target_count").asInt()).isEqualTo(1);
        assertThat(api.get("/api/v1/overview", "read-other")
                        .body()
                        .at("/all/total_p95")
                        .asDouble())
                .as("a token sees its own alone")
                .isEqualTo(1_000);
        assertThat(api.get("/api/v1/overview", "read-old")
                        .body()
                        .at("/all/score")
                        .isNull())
                .isTrue();
    }

    @Test
    void theWorstSeriesAreThoseOfTheMergedMinutes() {
        String quarter = "/api/v1/worst?measure=dns&from=2026-11-20T09:00:30Z&to=2026-11-20T09:14:30Z";

        JsonNode answer = api.get(quarter).body();
        JsonNode worst = answer.get("worst");

        assertThat(answer.get("unit").asText()).isEqualTo("ms");
        assertThat(answer.get("worst_is").asText()).isEqualTo("highest");
        assertThat(answer.get("from").asText()).isEqualTo("2026-11-20T09:00:00Z");
        assertThat(answer.get("to").asText()).isEqualTo("2026-11-20T09:15:00Z");
        assertThat(worst).hasSize(3);
        assertThat(worst.at("/0/target").asText()).isEqualTo("https://many.example/");
        assertThat(worst.at("/0/p95").asDouble()).isBetween(95 * 0.99, 95 * 1.01);
        assertThat(worst.at("/0/percentiles").asText()).isEqualTo("sketch");
        assertThat(worst.get(1).toString())
                .isEqualTo("{\"client_id\":\"berlin-1\",\"target\":\"" + TARGET
                        + "\",\"p95\":80.0,\"p50\":8.5,\"count\":36,\"window_count\":12,"
                        + "\"peak\":{\"window_start_ts\":\"2026-11-20T09:00:00Z\",\"p95\":80.0},"
                        + "\"percentiles\":\"exact\",\"relative_error\":0.0}");
        assertThat(worst.at("/2/client_id").asText()).isEqualTo("paris-1");
        assertThat(api.get(quarter + "&limit=1").body().get("worst")).hasSize(1);
        assertThat(api.get(quarter + "&client_id=paris-1")
                        .body()
                        .at("/worst/0/p95")
                        .asDouble())
                .isEqualTo(7);
        assertThat(api.get(quarter + "&target=" + Api.escape(TARGET)).body().get("worst"))
                .hasSize(2);
        assertThat(api.get(quarter, "read-other")
                        .body()
                        .at("/worst/0/client_id")
                        .asText())
                .isEqualTo("spy");
        assertThat(api.get("/api/v1/worst?measure=dns").body().get("worst"))
                .as("the last quarter of an hour")
                .isEmpty();
        assertThat(api.get("/api/v1/worst?measure=throughput")
                        .body()
                        .get("worst_is")
                        .asText())
                .isEqualTo("lowest");
    }

    @Test
    void aDistributionIsThatOfAllValuesOfTheTime() {
        JsonNode one = distribution("https://many.example/");
        JsonNode few = distribution(TARGET);

        assertThat(one.get("count").asLong()).isEqualTo(100);
        assertThat(one.get("count_error").asLong()).isEqualTo(2);
        assertThat(one.get("percentiles").asText()).isEqualTo("sketch");
        assertThat(one.at("/quantiles/0/p").asDouble()).isEqualTo(1);
        assertThat(one.at("/quantiles/9/p").asDouble()).isEqualTo(99.9);
        assertThat(one.at("/quantiles/4/value").asDouble()).isBetween(49.5, 50.5);
        assertThat(one.at("/quantiles/9/value").asDouble()).isBetween(99.0, 100.0);
        long inBuckets = 0;
        for (JsonNode bucket : one.get("histogram")) {
            inBuckets += bucket.get("count").asLong();
        }
        assertThat(inBuckets).isEqualTo(100);
        assertThat(few.get("unit").asText()).isEqualTo("ms");
        assertThat(few.get("resolution").asText()).isEqualTo("1m");
        assertThat(few.get("step_ms").asLong()).isEqualTo(60_000);
        assertThat(few.get("percentiles").asText()).isEqualTo("exact");
        assertThat(few.at("/quantiles/4/value").asDouble())
                .as("of 12 times 1.25 and 80, and of 3.5 to 14.5; the middle one of the medians would be 8.5 too")
                .isEqualTo(8.5);
        assertThat(few.at("/quantiles/2/value").asDouble()).isEqualTo(1.25);
        assertThat(few.get("steps")).hasSize(12);
        assertThat(few.at("/steps/3/start_ts").asText()).isEqualTo("2026-11-20T09:03:00Z");
        assertThat(few.at("/steps/3/p50").asDouble()).isEqualTo(6.5);
        assertThat(few.at("/steps/3/p95").asDouble()).isEqualTo(80);
        assertThat(few.at("/steps/3/count_total").asLong()).isEqualTo(5);
    }

    @Test
    void aDistributionOfAnotherTenantIsEmpty() {
        JsonNode nothing = api.get("/api/v1/series/distribution?client_id=spy&measure=dns&target=" + Api.escape(TARGET))
                .body();

        assertThat(nothing.get("count").asLong()).isZero();
        assertThat(nothing.at("/quantiles/4/value").isNull()).isTrue();
        assertThat(nothing.get("histogram")).isEmpty();
        assertThat(nothing.get("steps")).isEmpty();
    }

    @Test
    void clientsAndTargetsSayHowTheyAre() {
        assertThat(paged("clients", "sort=status&limit=1", "client_id")).containsExactly("berlin-1", "paris-1");
        assertThat(paged("clients", "sort=last_seen&limit=1", "client_id")).containsExactly("berlin-1", "paris-1");
        assertThat(paged("clients", "status=silent", "client_id")).containsExactly("paris-1");
        assertThat(paged("clients", "status=well", "client_id")).isEmpty();
        JsonNode troubled =
                api.get("/api/v1/clients?status=troubled").body().get("clients").get(0);
        assertThat(troubled.get("status").asText()).isEqualTo("troubled");
        assertThat(troubled.get("open_incidents").asLong()).isEqualTo(1);
        assertThat(troubled.get("worst_label").asText()).isEqualTo("dns-bound");
        assertThat(troubled.get("open_labels").toString()).isEqualTo("[\"dns-bound\"]");
        assertThat(paged("targets", "sort=status&limit=1", "target")).first().isEqualTo(TARGET);
    }

    @Test
    void ofATimeThatIsNotKeptTheWorstIsRefused() throws Exception {
        Stored other = new Stored();
        other.execute("INSERT INTO kept_from VALUES ('window_tail', '2026-11-20T09:30:00Z')", statement -> {});
        try (Api since = new Api(other.dataSource, series -> CompletableFuture.completedFuture(List.of()))) {
            Api.Answer refused =
                    since.get("/api/v1/worst?measure=dns&from=2026-11-20T09:29:59Z&to=2026-11-20T09:40:00Z");

            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.text("parameter")).isEqualTo("from");
            assertThat(refused.text("expected")).contains("2026-11-20T09:30:00Z");
            assertThat(since.get("/api/v1/worst?measure=dns&from=2026-11-20T09:30:00Z&to=2026-11-20T09:40:00Z")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void seriesClientsAndTargetsAreListed() {
        JsonNode clients = api.get("/api/v1/clients").body();
        JsonNode firstTarget = api.get("/api/v1/targets?limit=1").body();
        JsonNode secondTarget = api.get("/api/v1/targets?limit=1&cursor="
                        + firstTarget.get("next").asText())
                .body();

        assertThat(clients.get("clients")).hasSize(2);
        assertThat(clients.at("/clients/0/client_id").asText()).isEqualTo("berlin-1");
        assertThat(clients.at("/clients/0/attributes/interface_type").asText()).isEqualTo("wifi");
        assertThat(clients.at("/clients/0/series_count").asLong()).isEqualTo(2);
        assertThat(clients.at("/clients/0/last_window_ts").asText()).isEqualTo("2026-11-20T09:11:00Z");
        assertThat(firstTarget.at("/targets/0/target").asText()).isEqualTo(TARGET);
        assertThat(firstTarget.at("/targets/0/client_count").asLong()).isEqualTo(2);
        assertThat(secondTarget.at("/targets/0/target").asText()).isEqualTo("https://many.example/");
        assertThat(secondTarget.has("next")).isFalse();
        assertThat(api.get("/api/v1/targets?contains=MANY").body().get("targets"))
                .hasSize(1);
        assertThat(api.get("/api/v1/clients?prefix=par")
                        .body()
                        .at("/clients/0/client_id")
                        .asText())
                .isEqualTo("paris-1");
        assertThat(api.get("/api/v1/series?client_id=berlin-1").body().get("series"))
                .hasSize(2);
    }

    @Test
    void aTokenSeesItsTenantAlone() {
        Api.Answer other = api.get("/api/v1/clients", "read-other");
        Api.Answer nobody = api.get("/api/v1/windows", "read-nobody");

        assertThat(other.body().at("/clients/0/client_id").asText()).isEqualTo("spy");
        assertThat(other.body().get("clients")).hasSize(1);
        assertThat(nobody.body().get("windows")).isEmpty();
        for (String list : List.of("diagnoses", "incidents")) {
            assertThat(api.get("/api/v1/" + list, "read-nobody").body().get(list))
                    .isEmpty();
            assertThat(api.get("/api/v1/" + list, "read-other").body().get(list))
                    .singleElement()
                    .satisfies(one -> assertThat(one.get("client_id").asText()).isEqualTo("spy"));
        }
    }

    @Test
    void everyQuestionNeedsATokenThatMayRead() {
        for (Endpoint endpoint : api.routes.endpoints()) {
            String path = path(endpoint.path());
            assertThat(api.get(path, "").status()).as(path).isEqualTo(401);
            assertThat(api.get(path, "unknown").status()).as(path).isEqualTo(401);
            assertThat(api.get(path, "ingest-default").status()).as(path).isEqualTo(403);
        }
        assertThat(api.get("/api/v1/windows", "admin-default").status()).isEqualTo(200);
    }

    @Test
    void whatANodeCountsOverAllTenantsIsForAdministratorsAlone() {
        Api.Answer refused = api.get("/api/v1/counters", "read-default");

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text("detail")).contains("scope admin;", "of scope read");
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/windows?clientid=x, clientid",
        "/api/v1/windows?from=yesterday, from",
        "/api/v1/windows?to=2026-11-20, to",
        "/api/v1/windows?from=2026-11-20T11:00:00Z&to=2026-11-20T10:00:00Z, from",
        "/api/v1/windows?from=2026-01-01T00:00:00Z, from",
        "/api/v1/windows?resolution=2m, resolution",
        "/api/v1/windows?limit=0, limit",
        "/api/v1/windows?cursor=abc, cursor",
        "/api/v1/windows?target=, target",
        "/api/v1/windows?client_id=a&client_id=b, client_id",
        "/api/v1/windows?client_id=%00, client_id",
        "/api/v1/diagnoses?state=open, state",
        "/api/v1/diagnoses?from=2026-11-20T11:00:00Z&to=2026-11-20T10:00:00Z, from",
        "/api/v1/diagnoses?cursor=abc, cursor",
        "/api/v1/incidents?state=OPEN, state",
        "/api/v1/incidents?label=, label",
        "/api/v1/silences?state=over, state",
        "/api/v1/silences?cursor=abc, cursor",
        "/api/v1/incidents/i4?id=i3, id",
        "/api/v1/live?client_id=x, target",
        "/api/v1/live?target=x, client_id",
        "/api/v1/overview?from=2026-11-20T10:00:00Z&to=2026-11-20T10:00:00Z, from",
        "/api/v1/overview?from=2024-01-01T00:00:00Z, from",
        "/api/v1/overview?client_id=berlin-1, client_id",
        "/api/v1/worst, measure",
        "/api/v1/worst?measure=rtt, measure",
        "/api/v1/worst?measure=dns&limit=101, limit",
        "/api/v1/worst?measure=dns&from=2026-11-20T08:59:59Z, from",
        "/api/v1/worst?measure=dns&from=2026-11-20T10:00:00Z&to=2026-11-20T10:00:00Z, from",
        "/api/v1/worst?measure=dns&cursor=abc, cursor",
        "/api/v1/counters?limit=1, limit",
        "/api/v1/targets?sort=size, sort",
        "/api/v1/clients?status=open, status",
        "/api/v1/clients?sort=status&cursor=abc, cursor",
        "/api/v1/series/distribution?target=x&measure=dns, client_id",
        "/api/v1/series/distribution?client_id=x&measure=dns, target",
        "/api/v1/series/distribution?client_id=x&target=y, measure",
        "/api/v1/series/distribution?client_id=x&target=y&measure=rtt, measure",
        "/api/v1/series/distribution?client_id=x&target=y&measure=dns&from=2025-01-01T00:00:00Z, from",
        "/api/v1/series/distribution?client_id=x&target=y&measure=dns&limit=1, limit",
        "/api/v1/export, what",
        "/api/v1/export?what=tokens, what",
        "/api/v1/export?what=windows&format=xls, format",
        "/api/v1/export?what=windows&state=open, state",
        "/api/v1/export?what=windows&limit=1, limit",
        "/api/v1/export?what=windows&cursor=abc, cursor",
        "/api/v1/export?what=windows&from=yesterday, from",
    })
    void aWrongParameterIsNamed(String request, String parameter) {
        Api.Answer answer = api.get(request, "admin-default");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.contentType()).startsWith("application/problem+json");
        assertThat(answer.text("parameter")).isEqualTo(parameter);
        assertThat(answer.text("expected")).isNotEmpty();
        assertThat(answer.text("detail")).contains(parameter);
    }

    @Test
    void aCursorThatWasMadeUpIsRefused() {
        for (List<String> parts : List.of(
                List.of("x", "2", "3", "4"),
                List.of("2", "1", "3", "4"),
                List.of("1", "9223372036854775807", "3", "4"),
                List.of("1", "2", "-3", "4"))) {
            Api.Answer answer = api.get("/api/v1/windows?cursor=" + new Cursor("windows1m", parts).text());

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.text("parameter")).isEqualTo("cursor");
        }
        for (String list : List.of("diagnoses", "incidents", "silences")) {
            for (List<String> parts : List.of(
                    List.of("x", "2", "3", "4"),
                    List.of("1", "2", "-3", "4"),
                    List.of("1", "9223372036854775807", "3", "4"))) {
                Api.Answer answer = api.get("/api/v1/" + list + "?cursor=" + new Cursor(list, parts).text());

                assertThat(answer.status()).as("%s %s", list, parts).isEqualTo(400);
                assertThat(answer.text("parameter")).isEqualTo("cursor");
            }
        }
    }

    @Test
    void countersAreShownByName() {
        api.counters.add("edge_events_total", 3);

        assertThat(api.get("/api/v1/counters", "admin-default")
                        .body()
                        .at("/counters/edge_events_total")
                        .asLong())
                .isEqualTo(3);
    }

    @Test
    void p21ConservationIsShownByTenantAndKind() {
        api.counters.accounts().add("acme", "qoe", Accounts.Entry.RECEIVED, 7);
        api.counters.accounts().add("acme", "qoe", Accounts.Entry.ACCEPTED, 4);

        JsonNode balance = api.get("/api/v1/counters", "admin-default").body().at("/conservation/0");

        assertThat(balance.path("tenant").asText()).isEqualTo("acme");
        assertThat(balance.path("received").asLong()).isEqualTo(7);
        assertThat(balance.path("accepted").asLong()).isEqualTo(4);
        assertThat(balance.path("dead_lettered").asLong()).isZero();
        assertThat(balance.path("under_way").asLong()).isEqualTo(3);
    }

    @Test
    void withoutItsDatabaseItSaysWhenToComeBack() throws Exception {
        PGSimpleDataSource nowhere = new PGSimpleDataSource();
        nowhere.setPortNumbers(new int[] {1});
        nowhere.setConnectTimeout(2);
        try (Api away = new Api(nowhere, series -> CompletableFuture.completedFuture(List.of()))) {
            Api.Answer answer = away.get("/api/v1/windows");

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.text("type")).isEqualTo("/problems/unavailable");
            assertThat(away.get("/api/v1/counters", "admin-default").status()).isEqualTo(200);
        }
    }

    @Test
    void theDocumentSaysWhatTheRoutesDo() throws Exception {
        JsonNode document = api.get("/api/openapi.json", "").body();
        Set<String> documented = new HashSet<>();
        document.get("paths").fieldNames().forEachRemaining(documented::add);
        Set<String> servedByOthers = Set.of(
                "/api/v1/events",
                "/api/v1/incidents/{id}/ack",
                "/api/v1/silences/{id}",
                "/api/v1/log-levels",
                "/api/v1/settings",
                "/api/v1/settings/thresholds",
                "/api/v1/settings/thresholds/preview",
                "/api/v1/probes",
                "/api/v1/probes/{id}/config",
                "/api/v1/log-levels/{logger}",
                "/api/v1/export",
                "/api/v1/session",
                "/api/v1/session/password",
                "/api/v1/session/ways",
                "/api/v1/session/oidc",
                "/api/v1/session/oidc/callback",
                "/api/v1/users",
                "/api/v1/users/{name}",
                "/api/v1/users/{name}/password",
                "/api/v1/tokens",
                "/api/v1/tokens/{id}",
                "/api/v1/audit",
                "/api/v1/stream",
                "/metrics",
                "/healthz",
                "/readyz");

        problem("i4");
        Set<String> answered = new HashSet<>(Set.of("/api/openapi.json"));
        for (Endpoint endpoint : api.routes.endpoints()) {
            String path = "/api/v1/" + endpoint.path();
            answered.add(path);
            assertThat(parameters(document, path)).as(path).isEqualTo(endpoint.parameters());
        }
        assertThat(parameters(document, "/api/v1/export"))
                .isEqualTo(api.routes.exports().parameters());

        Set<String> all = new HashSet<>(answered);
        all.addAll(servedByOthers);
        assertThat(documented).isEqualTo(all);
        assertThat(answered).allSatisfy(documentedPath -> {
            String path = documentedPath.replace(Endpoint.ID, "i4");
            assertThat(api.get(path).status()).as(path).isNotIn(404, 405, 500);
            assertThat(api.send("DELETE", path, "read-default").status())
                    .as(path)
                    .isEqualTo(405);
        });
    }

    @Test
    void howTheUpkeepWentIsSaidPartByPart() throws Exception {
        stored.execute(
                "INSERT INTO upkeep_run (what, node, started_at, took_ms, partitions, rows, bytes, outcome, error) VALUES"
                        + " ('old-a', 'n1', '2026-11-20T08:00:00Z', 12, 1, 0, 8192, 'DONE', NULL),"
                        + " ('old-a', 'n2', '2026-11-20T09:00:00Z', 7, 0, 0, 0, 'FAILED', 'a lock timeout'),"
                        + " ('old-b', 'n2', '2026-11-20T09:00:01Z', NULL, 0, 0, 0, 'RUNNING', NULL)",
                statement -> {});

        JsonNode runs = api.get("/api/v1/upkeep").body().get("upkeep");

        assertThat(runs.toString())
                .isEqualTo("[{\"what\":\"old-a\",\"outcome\":\"failed\",\"node\":\"n2\","
                        + "\"started_ts\":\"2026-11-20T09:00:00Z\",\"took_ms\":7,\"partitions\":0,\"rows\":0,\"bytes\":0,"
                        + "\"error\":\"a lock timeout\",\"last_done_ts\":\"2026-11-20T08:00:00Z\"},"
                        + "{\"what\":\"old-b\",\"outcome\":\"running\",\"node\":\"n2\","
                        + "\"started_ts\":\"2026-11-20T09:00:01Z\",\"took_ms\":null,\"partitions\":0,\"rows\":0,\"bytes\":0,"
                        + "\"error\":null,\"last_done_ts\":null}]");
        JsonNode document = api.get("/api/openapi.json", "").body();
        assertThat(names(document.at("/components/schemas/UpkeepRun/properties")))
                .isEqualTo(names(runs.get(0)));
        assertThat(names(document.at(
                        "/paths/~1api~1v1~1upkeep/get/responses/200/content/application~1json/example" + "/upkeep/0")))
                .isEqualTo(names(runs.get(0)));
    }

    @Test
    void theExamplesOfTheDocumentHaveTheMembersOfAnswers() {
        JsonNode paths = api.get("/api/openapi.json", "").body().get("paths");
        String example = "/get/responses/200/content/application~1json/example";

        assertThat(shape(paths.at("/~1api~1v1~1diagnoses" + example + "/diagnoses/0")))
                .isEqualTo(shape(api.get("/api/v1/diagnoses").body().at("/diagnoses/0")));
        String worst = "/api/v1/worst?measure=dns&from=2026-11-20T09:00:00Z&to=2026-11-20T09:15:00Z";
        assertThat(shape(paths.at("/~1api~1v1~1worst" + example)))
                .isEqualTo(shape(api.get(worst).body()));
        assertThat(shape(paths.at("/~1api~1v1~1overview" + example + "/steps/0")))
                .isEqualTo(shape(api.get("/api/v1/overview").body().at("/steps/0")));
        assertThat(shape(paths.at("/~1api~1v1~1incidents" + example + "/incidents/0")))
                .isEqualTo(shape(api.get("/api/v1/incidents").body().at("/incidents/0")));
        assertThat(shape(paths.at("/~1api~1v1~1incidents~1{id}" + example)))
                .isEqualTo(shape(api.get("/api/v1/incidents/i4").body()));
    }

    @Test
    void everyMemberOfAnAnswerIsDocumented() {
        JsonNode schemas = api.get("/api/openapi.json", "").body().at("/components/schemas");

        assertThat(names(schemas.at("/Window/properties")))
                .isEqualTo(names(windows("client_id=berlin-1").get(0)));
        JsonNode overview = api.get("/api/v1/overview").body();
        assertThat(
                        names(
                                api.get("/api/openapi.json", "")
                                        .body()
                                        .at(
                                                "/paths/~1api~1v1~1overview/get/responses/200/content/application~1json/schema/properties")))
                .isEqualTo(names(overview));
        Set<String> all = names(schemas.at("/OverviewPart/properties"));
        all.add("reasons");
        assertThat(names(overview.get("all"))).isEqualTo(all);
        assertThat(names(schemas.at("/WorstSeries/properties")))
                .isEqualTo(names(api.get("/api/v1/worst?measure=dns&from=2026-11-20T09:00:00Z&to=2026-11-20T09:15:00Z")
                        .body()
                        .at("/worst/0")));
        assertThat(names(schemas.at("/Diagnosis/properties")))
                .isEqualTo(names(api.get("/api/v1/diagnoses").body().at("/diagnoses/0")));
        assertThat(names(schemas.at("/Verdict/properties"))).isEqualTo(names(verdict()));
        assertThat(names(schemas.at("/Evidence/properties")))
                .isEqualTo(names(verdict().at("/evidence/0")));
        assertThat(names(schemas.at("/Norm/properties")))
                .isEqualTo(names(verdict().at("/evidence/0/baseline")));
        JsonNode incident = api.get("/api/v1/incidents").body().at("/incidents/0");
        assertThat(names(schemas.at("/Incident/properties"))).isEqualTo(names(incident));
        assertThat(names(schemas.at("/Incident/properties/peak/properties"))).isEqualTo(names(incident.get("peak")));
        assertThat(names(schemas.at("/Incident/properties/timeline/items/properties")))
                .isEqualTo(names(incident.at("/timeline/0")));
        assertThat(names(schemas.at("/Client/properties")))
                .isEqualTo(names(api.get("/api/v1/clients").body().at("/clients/0")));
        assertThat(names(schemas.at("/Target/properties")))
                .isEqualTo(names(api.get("/api/v1/targets").body().at("/targets/0")));
        assertThat(names(schemas.at("/Series/properties")))
                .isEqualTo(names(api.get("/api/v1/series").body().at("/series/0")));
        JsonNode distribution = distribution(TARGET);
        assertThat(names(schemas.at("/Distribution/properties"))).isEqualTo(names(distribution));
        for (String part : List.of("quantiles", "histogram", "steps")) {
            assertThat(names(schemas.at("/Distribution/properties/" + part + "/items/properties")))
                    .isEqualTo(names(distribution.get(part).get(0)));
        }
    }

    private static Set<String> parameters(JsonNode document, String path) {
        Set<String> parameters = new HashSet<>();
        document.path("paths").path(path).path("get").path("parameters").forEach(parameter -> {
            JsonNode said = parameter.has("$ref")
                    ? document.at(parameter.get("$ref").asText().substring(1))
                    : parameter;
            if (said.path("in").asText().equals("query")) {
                parameters.add(said.path("name").asText());
            }
        });
        return parameters;
    }

    private void problem(String id) throws Exception {
        stored.execute(
                "INSERT INTO problem (id, version, tenant, kind, scope, label, started_at, members)"
                        + " VALUES (?, 1, 'default', 'qoe', 'PATH', 'dns-bound', '2026-11-20T09:00:00Z', '[]')"
                        + " ON CONFLICT DO NOTHING",
                statement -> statement.setString(1, id));
    }

    /** One member of every item of every page. */
    private List<String> paged(String list, String query, String member) {
        List<String> all = new ArrayList<>();
        String next = "";
        do {
            Api.Answer page = api.get("/api/v1/" + list + "?" + query + (next.isEmpty() ? "" : "&cursor=" + next));
            assertThat(page.status()).as(page.body().toString()).isEqualTo(200);
            page.body().get(list).forEach(item -> all.add(item.get(member).asText()));
            next = page.body().path("next").asText("");
        } while (!next.isEmpty());
        return all;
    }

    private static String path(String endpoint) {
        return "/api/v1/" + endpoint.replace(Endpoint.ID, "i4");
    }

    private static JsonNode verdict() {
        try {
            return new ObjectMapper().readTree(Stored.VERDICT);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Names of all members, however deep; of an array those of its first item. */
    private static Set<String> shape(JsonNode node) {
        Set<String> names = new TreeSet<>();
        node.properties().forEach(field -> {
            names.add(field.getKey());
            shape(field.getValue()).forEach(inner -> names.add(field.getKey() + "." + inner));
        });
        if (node.isArray()) {
            names.addAll(shape(node.path(0)));
        }
        return names;
    }

    private JsonNode distribution(String target) {
        return api.get("/api/v1/series/distribution?client_id=berlin-1&measure=dns&from=2026-11-20T09:00:00Z"
                        + "&to=2026-11-20T10:00:00Z&target=" + Api.escape(target))
                .body();
    }

    private JsonNode windows(String query) {
        Api.Answer answer = api.get("/api/v1/windows?" + query);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        return answer.body().get("windows");
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new HashSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static String number(String text) {
        return Double.toString(Double.parseDouble(text));
    }

    private static WindowAggregate openWindow() {
        Distribution throughput =
                new Distribution(1, 48_211.5, 48_211.5, 48_211.5, 48_211.5, Summary.of(new double[] {48_211.5}, 1));
        return new WindowAggregate(
                TARGET,
                Api.NOW.toEpochMilli(),
                1,
                List.of(0L, 0L, 0L, 0L, 0L),
                Map.of(),
                List.of(Distribution.EMPTY, Distribution.EMPTY, Distribution.EMPTY, Distribution.EMPTY, throughput));
    }
}
