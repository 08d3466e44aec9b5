package io.sonde.edge;

import static io.sonde.edge.Events.array;
import static io.sonde.edge.Events.event;
import static io.sonde.edge.Events.many;
import static io.sonde.edge.IngestRoutesIT.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that sends more than it may is told so, and nobody else pays for it. */
class RateIT {
    private final AtomicLong nanos = new AtomicLong();
    private final TestEdge edge = TestEdge.with(
            TestEdge.settings(
                    "sonde.edge.max-events = 10",
                    "sonde.edge.rate { events-per-second = 1, burst = 10, targets-per-minute = 2 }"),
            nanos::get);

    @Test
    void aRequestOverTheRateIs429AndNothingOfItIsTaken() {
        assertThat(edge.post(many(10)).statusCode()).isEqualTo(202);

        HttpResponse<String> answer = edge.post(array(event("other"), event("berlin-1")));

        assertProblem(answer, 429, "too-many-requests");
        assertThat(answer.headers().firstValue("Retry-After")).contains("1");
        assertThat(edge.samples()).hasSize(10);
        assertThat(edge.counters.snapshot()).containsEntry("edge_rate_limited_total{tenant=\"default\"}", 1L);
        assertThat(edge.post(many(10).replace("berlin-1", "other")).statusCode())
                .isEqualTo(202);
    }

    @Test
    void retryAfterIsWhenTheWholeRequestWouldPass() {
        edge.post(many(10));

        assertThat(edge.post(many(5)).headers().firstValue("Retry-After")).contains("5");

        nanos.addAndGet(4_999_999_999L);
        assertThat(edge.post(many(5)).headers().firstValue("Retry-After")).contains("1");
        nanos.incrementAndGet();
        assertThat(edge.post(many(5)).statusCode()).isEqualTo(202);
    }

    @Test
    void aForeignTokenDoesNotEmptyTheBucketOfAnotherClient() {
        for (int i = 0; i < 3; i++) {
            assertProblem(edge.postAs(TestEdge.BERLIN, many(10).replace("berlin-1", "victim")), 403, "foreign-client");
            assertProblem(edge.postAs(TestEdge.BERLIN, event("victim")), 429, "too-many-requests");
            assertProblem(edge.postAs(TestEdge.BERLIN, event("berlin-1")), 429, "too-many-requests");
            nanos.addAndGet(10_000_000_000L);
        }

        assertThat(edge.post(many(10).replace("berlin-1", "victim")).statusCode())
                .isEqualTo(202);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"schema_version\":1 -> \"schema_version\":7",
                "\"target\" -> \"aim\"",
                "\"ts_ms\":1 -> \"ts_ms\":91",
                "\"interface_type\":\"wifi\" -> \"interface_type\":7"
            })
    void refusedEventsCostTheirClientAsMuchAsOthers(String change) {
        String[] parts = change.split(" -> ", 2);
        String refused = many(10).replace(parts[0], parts[1]);
        assertProblem(edge.post(refused), 422, "nothing-acceptable");

        assertProblem(edge.post(refused), 429, "too-many-requests");

        assertProblem(edge.post(event()), 429, "too-many-requests");
        assertThat(edge.post(event("other")).statusCode()).isEqualTo(202);
    }

    @Test
    void eventsThatNameNobodyCostTheToken() {
        String refused = many(10).replace("\"client_id\"", "\"who\"");
        assertProblem(edge.post(refused), 422, "nothing-acceptable");

        assertProblem(edge.post(refused), 429, "too-many-requests");

        assertThat(edge.post(many(10)).statusCode()).isEqualTo(202);
    }

    @Test
    void aMalformedBodyCostsTheTokenAnEvent() {
        for (int i = 0; i < 10; i++) {
            assertProblem(edge.post("{"), 400, "malformed-body");
        }

        assertProblem(edge.post("{"), 429, "too-many-requests");

        assertThat(edge.post(event()).statusCode()).isEqualTo(202);
        assertThat(edge.postAs(TestEdge.BERLIN, event("berlin-2")).statusCode()).isEqualTo(403);
    }

    @Test
    void whatIsRefusedAsAWholeCostsAsMuchAsTheLargestRequest() {
        byte[] noGzip = "no gzip".getBytes(StandardCharsets.UTF_8);
        assertProblem(edge.post(noGzip, "Content-Encoding", "gzip"), 400, "malformed-body");
        assertProblem(edge.post(noGzip, "Content-Encoding", "gzip"), 429, "too-many-requests");

        nanos.addAndGet(10_000_000_000L);
        assertProblem(edge.post(many(11)), 413, "too-many-events");
        assertProblem(edge.post(many(11)), 429, "too-many-requests");

        nanos.addAndGet(10_000_000_000L);
        assertProblem(edge.post("[".repeat((1 << 20) + 1)), 413, "too-large");
        assertProblem(edge.post("{"), 429, "too-many-requests");
    }

    @Test
    void paddingIsNotFree() {
        String padded = event().replaceFirst("\\{", "{" + " ".repeat(1 << 19));
        assertThat(edge.post(padded).statusCode()).isEqualTo(202);
        assertThat(edge.post(padded).statusCode()).isEqualTo(202);

        assertProblem(edge.post(padded), 429, "too-many-requests");
    }

    @Test
    void targetsBeyondTheQuotaAreRefusedOneByOne() {
        String one = event().replace("/health", "/1");
        String two = event().replace("/health", "/2");
        String three = event().replace("/health", "/3");

        HttpResponse<String> answer = edge.post(array(one, two, three, one));

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.body())
                .startsWith("{\"accepted\":3,")
                .contains("{\"index\":2,")
                .contains("\"reason\":\"too_many_targets\","
                        + "\"detail\":\"target: a client may name 2 different ones in a minute\"");
        assertThat(edge.counters.snapshot())
                .containsEntry("edge_refused_events_total{reason=\"too_many_targets\"}", 1L);
    }
}
