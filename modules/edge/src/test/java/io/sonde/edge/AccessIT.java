package io.sonde.edge;

import static io.sonde.edge.Events.array;
import static io.sonde.edge.Events.event;
import static io.sonde.edge.IngestRoutesIT.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class AccessIT {
    private static final TestEdge EDGE = TestEdge.start();
    private static final TestEdge OTHER_EDGE = TestEdge.start();
    private static final String NO_HEADER = "";

    @Property(tries = 500)
    void p16ARequestWithoutAValidTokenIs401AndNothingIsWrittenAndACounterMoves(
            @ForAll("authorizations") String authorization, @ForAll("bodies") String body) {
        long failures = EDGE.authFailures();

        HttpResponse<String> answer = EDGE.exchange((authorization.equals(NO_HEADER)
                        ? EDGE.request("/api/v1/events")
                        : EDGE.request("/api/v1/events").header("Authorization", authorization))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build());

        assertProblem(answer, 401, "unauthorized");
        assertThat(answer.headers().firstValue("WWW-Authenticate").orElseThrow())
                .startsWith("Bearer");
        assertThat(EDGE.recorded).isEmpty();
        assertThat(EDGE.authFailures()).isEqualTo(failures + 1);
    }

    @Test
    void everyReasonHasItsCounter() {
        TestEdge edge = TestEdge.start();

        edge.exchange(
                edge.request("/api/v1/events").POST(BodyPublishers.noBody()).build());
        edge.send(request -> request.setHeader("Authorization", "Basic dTpw").POST(BodyPublishers.noBody()));
        edge.postAs("sonde_ingest_nobody", event());
        edge.postAs(TestEdge.READER, event());
        edge.postAs(TestEdge.BERLIN, event("paris-1"));

        assertThat(edge.counters.snapshot())
                .containsEntry("edge_auth_failures_total{reason=\"missing\"}", 1L)
                .containsEntry("edge_auth_failures_total{reason=\"malformed\"}", 1L)
                .containsEntry("edge_auth_failures_total{reason=\"unknown\"}", 1L)
                .containsEntry("edge_auth_failures_total{reason=\"scope\"}", 1L)
                .containsEntry("edge_auth_failures_total{reason=\"client\"}", 1L);
        assertThat(edge.recorded).isEmpty();
    }

    @Test
    void aTokenForReadingDoesNotPostAndOneForAllDoes() {
        assertProblem(TestEdge.start().postAs(TestEdge.READER, event()), 403, "wrong-scope");
        assertThat(TestEdge.start().postAs(TestEdge.ADMIN, event("anyone")).statusCode())
                .isEqualTo(202);
    }

    @Test
    void aClientsTokenPostsForThatClientAlone() {
        TestEdge edge = TestEdge.start();

        assertThat(edge.postAs(TestEdge.BERLIN, event("berlin-1")).statusCode()).isEqualTo(202);
        assertProblem(edge.postAs(TestEdge.BERLIN, array(event("x"), event("y"))), 403, "foreign-client");
        HttpResponse<String> mixed = edge.postAs(TestEdge.BERLIN, array(event("x"), event("berlin-1")));

        assertThat(mixed.statusCode()).isEqualTo(202);
        assertThat(mixed.body())
                .startsWith("{\"accepted\":1,")
                .contains("\"reason\":\"foreign_client\",\"detail\":\"client_id: the token posts for berlin-1 alone\"");
        assertThat(edge.samples()).hasSize(2);
    }

    @Test
    void theSchemeIsReadInAnyCase() {
        assertThat(OTHER_EDGE
                        .send(request -> request.setHeader("Authorization", "bEARER " + TestEdge.ANY_CLIENT)
                                .POST(BodyPublishers.ofString(event())))
                        .statusCode())
                .isEqualTo(202);
    }

    @Test
    void twoTokensAreNotChosenFrom() throws IOException {
        String answer = OTHER_EDGE.raw(
                "POST /api/v1/events HTTP/1.1",
                "Host: h",
                "Connection: close",
                "Authorization: Bearer " + TestEdge.ANY_CLIENT,
                "Authorization: Bearer x",
                "Content-Type: application/json",
                "Content-Length: 2",
                "",
                "[]");

        assertThat(answer).startsWith("HTTP/1.1 401");
    }

    @Test
    void aTokenInTheUrlIsNone() {
        TestEdge edge = TestEdge.start();

        HttpResponse<String> answer = edge.exchange(edge.request("/api/v1/events?access_token=" + TestEdge.ANY_CLIENT)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(event()))
                .build());

        assertProblem(answer, 401, "unauthorized");
    }

    @Test
    void aTokenThatCannotBeCheckedNowIsNeitherGoodNorBad() {
        HttpResponse<String> answer = TestEdge.start().postAs(TestEdge.UNCHECKABLE, event());

        assertProblem(answer, 503, "unavailable");
        assertThat(answer.headers().firstValue("Retry-After")).contains("7");
    }

    @Test
    void aLargeBodyWithoutATokenStillSeesTheAnswer() {
        TestEdge edge = TestEdge.start();

        HttpResponse<String> answer = edge.exchange(edge.request("/api/v1/events")
                .POST(BodyPublishers.ofByteArray(new byte[3 << 20]))
                .build());

        assertProblem(answer, 401, "unauthorized");
    }

    @Provide
    Arbitrary<String> authorizations() {
        Arbitrary<String> printable =
                Arbitraries.strings().withCharRange('!', '~').ofMinLength(1).ofMaxLength(80);
        return Arbitraries.oneOf(
                Arbitraries.of(
                        NO_HEADER,
                        "Bearer",
                        "Bearer ",
                        TestEdge.ANY_CLIENT,
                        "Basic " + TestEdge.ANY_CLIENT,
                        "Bearer " + TestEdge.ANY_CLIENT + "x",
                        "Bearer " + TestEdge.ANY_CLIENT + " " + TestEdge.ANY_CLIENT,
                        "Bearer \"" + TestEdge.ANY_CLIENT + "\"",
                        "Bearer token=" + TestEdge.ANY_CLIENT,
                        "Bearer " + "x".repeat(1_000)),
                printable,
                printable.map(text -> "Bearer " + text),
                printable.map(text -> "Digest username=" + text));
    }

    @Provide
    Arbitrary<String> bodies() {
        return Arbitraries.of("", "[]", "{broken", event(), array(event("a"), event("b")));
    }
}
