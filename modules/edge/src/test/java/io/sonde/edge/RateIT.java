package io.sonde.edge;

import static io.sonde.edge.Events.array;
import static io.sonde.edge.Events.event;
import static io.sonde.edge.Events.many;
import static io.sonde.edge.IngestRoutesIT.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

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
        assertThat(edge.counters.snapshot())
                .containsEntry("edge_rate_limited_total{tenant=\"default\"}", 1L)
                .containsEntry("edge_requests_total{status=\"429\"}", 1L);
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
        }

        assertThat(edge.post(many(10).replace("berlin-1", "victim")).statusCode())
                .isEqualTo(202);
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
