package io.sonde.edge;

import static io.sonde.edge.IngestRoutesIT.assertProblem;
import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.completeWithFuture;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.handleWebSocketMessages;
import static org.apache.pekko.http.javadsl.server.Directives.parameter;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.core.Unavailable;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.stream.javadsl.Flow;
import org.junit.jupiter.api.Test;

/** What other modules' routes get from {@link Problems}. */
class ProblemsIT {
    private static final TestEdge EDGE = TestEdge.serving(concat(
            path("needs", () -> parameter("q", text -> complete(text))),
            path("both", () -> concat(get(() -> complete("got")), put(() -> complete("put")))),
            path("throws", () -> {
                throw new IllegalStateException("secret");
            }),
            path(
                    "away",
                    () -> completeWithFuture(CompletableFuture.failedFuture(
                            new CompletionException(new Unavailable("secret", 3, new IOException("secret")))))),
            path("says", () -> {
                throw new ProblemException(
                        new Problem(422, "range-too-large", "Range too large", "\ud83d at most 31 days"));
            }),
            path("socket", () -> handleWebSocketMessages(Flow.of(Message.class)))));

    @Test
    void aRejectionOfPekkoHttpIsAProblem() {
        assertProblem(ask("/needs"), 404, "rejected");
        assertThat(ask("/needs").body()).contains("query parameter 'q'");
        assertProblem(ask("/socket"), 400, "rejected");
    }

    @Test
    void allDeclaredMethodsAreSaid() {
        HttpResponse<String> answer =
                EDGE.exchange(EDGE.request("/both").DELETE().build());

        assertProblem(answer, 405, "method-not-allowed");
        assertThat(answer.headers().firstValue("Allow")).contains("GET, PUT");
    }

    @Test
    void whatARouteThrowsIsAnsweredWithoutInternals() {
        assertProblem(ask("/throws"), 500, "internal");
        assertProblem(ask("/away"), 503, "unavailable");
        assertThat(ask("/throws").body() + ask("/away").body()).doesNotContain("secret");
        assertThat(ask("/away").headers().firstValue("Retry-After")).contains("3");
    }

    @Test
    void aProblemIsAnsweredAsItIs() {
        assertProblem(ask("/says"), 422, "range-too-large");
        assertThat(ask("/says").body()).endsWith("\"detail\":\"? at most 31 days\"}");
    }

    private static HttpResponse<String> ask(String path) {
        return EDGE.exchange(EDGE.request(path).build());
    }
}
