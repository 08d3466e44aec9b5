package io.sonde.edge;

import static io.sonde.edge.Events.array;
import static io.sonde.edge.Events.event;
import static io.sonde.edge.Events.many;
import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.core.Batch;
import io.sonde.core.Receipt;
import io.sonde.core.Sample;
import io.sonde.core.Unavailable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IngestRoutesIT {
    private static final int MIB = 1 << 20;

    private final TestEdge edge = TestEdge.start();

    @Test
    void oneEventIsTaken() {
        HttpResponse<String> answer = edge.post(event());

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(answer.body()).isEqualTo("{\"accepted\":1,\"duplicate\":0,\"late\":0,\"refused\":[]}");
        Batch batch = edge.recorded.remove();
        assertThat(batch.source().source()).isEqualTo("berlin-1");
        assertThat(batch.recvTsMs()).isEqualTo(TestEdge.RECV_TS_MS);
        assertThat(batch.attributes()).isEqualTo(Map.of("interface_type", "wifi", "vpn_enabled", "false"));
        assertThat(batch.samples()).extracting(Sample::tsMs).containsExactly(Events.TS_MS);
    }

    @Test
    void anArrayIsOneBatchPerSource() {
        HttpResponse<String> answer = edge.post(array(event("a"), event("b"), event("a")));

        assertThat(answer.body()).startsWith("{\"accepted\":3,");
        assertThat(edge.recorded)
                .extracting(batch -> batch.source().source() + batch.samples().size())
                .containsExactly("a2", "b1");
    }

    @Test
    void linesAreTakenAndABrokenOneIsRefusedAlone() {
        String lines = event() + "\n{broken\n" + event() + "\n";

        HttpResponse<String> answer = edge.post(bytes(lines), "Content-Type", "application/x-ndjson; charset=utf-8");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.body())
                .startsWith(
                        "{\"accepted\":2,\"duplicate\":0,\"late\":0,"
                                + "\"refused\":[{\"index\":1,\"event_id\":null,\"reason\":\"malformed\",\"detail\":\"not JSON at line 1");
    }

    @Test
    void aZippedBodyIsTaken() {
        HttpResponse<String> answer = edge.post(GunzipTest.gzip(bytes(many(100))), "Content-Encoding", "gzip");

        assertThat(answer.body()).startsWith("{\"accepted\":100,");
        assertThat(edge.samples()).hasSize(100);
    }

    @Test
    void aRefusedEventDoesNotMakeItsNeighboursFail() {
        String future = event("a", TestEdge.RECV_TS_MS + 300_001);

        HttpResponse<String> answer = edge.post(array(event(), future, "{}", "7", event()));

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.body())
                .startsWith("{\"accepted\":2,\"duplicate\":0,\"late\":0,\"refused\":[{\"index\":1,\"event_id\":\"")
                .contains("\"reason\":\"clock_skew\",\"detail\":\"ts_ms: 300 s ahead")
                .contains("{\"index\":2,\"event_id\":null,\"reason\":\"missing_field\",\"detail\":\"schema_version, "
                        + "event_id, client_id, target, ts_ms: required\"}")
                .contains("{\"index\":3,\"event_id\":null,\"reason\":\"malformed\"");
        assertThat(edge.samples()).hasSize(2);
        assertThat(edge.counters.snapshot())
                .containsEntry("events_total{tenant=\"default\",kind=\"qoe\",result=\"accepted\"}", 2L)
                .containsEntry("edge_refused_events_total{reason=\"clock_skew\"}", 1L)
                .containsEntry("edge_refused_events_total{reason=\"missing_field\"}", 1L)
                .containsEntry("edge_refused_events_total{reason=\"malformed\"}", 1L)
                .containsEntry("edge_schema_versions_total{version=\"1\"}", 3L);
    }

    @Test
    void whenNoEventCanBeTakenTheProblemSaysWhyOfEach() {
        HttpResponse<String> answer = edge.post(array("{}", "{\"schema_version\":2}"));

        assertProblem(answer, 422, "nothing-acceptable");
        assertThat(answer.body())
                .contains("\"refused\":[{\"index\":0,")
                .contains("{\"index\":1,\"event_id\":null,\"reason\":\"unknown_schema_version\",");
        assertThat(edge.recorded).isEmpty();
    }

    @Test
    void lateEventsAreCountedAndGoNoFurther() {
        String late = event("a", TestEdge.RECV_TS_MS - 240_001);

        assertThat(edge.post(array(late, event())).body())
                .isEqualTo("{\"accepted\":1,\"duplicate\":0,\"late\":1,\"refused\":[]}");
        assertThat(edge.post(late).body()).isEqualTo("{\"accepted\":0,\"duplicate\":0,\"late\":1,\"refused\":[]}");
        assertThat(edge.samples()).hasSize(1);
        assertThat(edge.counters.count("events_total{tenant=\"default\",kind=\"qoe\",result=\"late\"}"))
                .isEqualTo(2);
    }

    @Test
    void aRequestOfNoEventsIsTaken() {
        assertThat(edge.post("[]").body()).isEqualTo("{\"accepted\":0,\"duplicate\":0,\"late\":0,\"refused\":[]}");
    }

    @Test
    void duplicatesAreSaidOnlyByABusThatKnowsThem() {
        TestEdge journal = TestEdge.with(batch -> TestEdge.counted(new Receipt(1, 2, 3, true)));
        TestEdge stream = TestEdge.with(batch -> TestEdge.counted(new Receipt(6, 0, 0, false)));

        assertThat(journal.post(many(6)).body())
                .isEqualTo("{\"accepted\":1,\"duplicate\":2,\"late\":3,\"refused\":[]}");
        assertThat(stream.post(many(6)).body()).isEqualTo("{\"accepted\":6,\"late\":0,\"refused\":[]}");
    }

    @Test
    void whatTheJournalCanNeverTakeIsAmongTheRefused() {
        TestEdge edge = TestEdge.with(batch -> TestEdge.counted(new Receipt(
                batch.samples().size() - 1,
                0,
                0,
                List.of(new Receipt.Unrecordable(batch.samples().get(0).id(), "6 values, expected 5")),
                true)));
        String bad = event("b");

        HttpResponse<String> mixed = edge.post(array("{}", event("a"), event("a"), bad));
        HttpResponse<String> alone = edge.post(bad);

        assertThat(mixed.statusCode()).isEqualTo(202);
        assertThat(mixed.body())
                .startsWith("{\"accepted\":1,\"duplicate\":0,\"late\":0,\"refused\":[{\"index\":0,")
                .contains("{\"index\":1,", "{\"index\":3,")
                .contains("\"reason\":\"unrecordable\",\"detail\":\"6 values, expected 5\"}");
        assertProblem(alone, 422, "nothing-acceptable");
    }

    @Test
    void aMalformedBodySaysWhere() {
        HttpResponse<String> answer = edge.post("[" + event() + ",\n  {\"a\" 1}]");

        assertProblem(answer, 400, "malformed-body");
        assertThat(answer.body()).contains("line 2, column 8");
        assertProblem(edge.post(""), 400, "malformed-body");
        assertProblem(edge.post(bytes("not zipped"), "Content-Encoding", "gzip"), 400, "malformed-body");
    }

    @ParameterizedTest
    @CsvSource({
        "Content-Type,text/plain,'application/json\",\"application/x-ndjson'",
        "Content-Type,application/xml,'application/json\",\"application/x-ndjson'",
        "Content-Encoding,br,'gzip\",\"identity'",
        "Content-Encoding,'gzip, gzip','gzip\",\"identity'"
    })
    void whatIsNotReadIsSaid(String header, String value, String supported) {
        HttpResponse<String> answer = edge.post(bytes(event()), header, value);

        assertProblem(answer, 415, "unsupported-media-type");
        assertThat(answer.body()).contains("\"supported\":[\"" + supported + "\"]");
    }

    @Test
    void aBodyWithoutATypeIsNotGuessed() throws IOException {
        String answer = edge.raw(
                "POST /api/v1/events HTTP/1.1",
                "Host: h",
                "Connection: close",
                "Authorization: Bearer " + TestEdge.ANY_CLIENT,
                "Content-Length: 2",
                "",
                "[]");

        assertThat(answer).startsWith("HTTP/1.1 415").contains("unsupported-media-type");
    }

    @Test
    void aMebibyteIsTakenAndAByteMoreIsNot() {
        String padded = event().replaceFirst("\\{", "{" + " ".repeat(MIB - bytes(event()).length));

        assertThat(edge.post(padded).statusCode()).isEqualTo(202);
        assertProblem(edge.post(padded + " "), 413, "too-large");
        assertProblem(chunked(bytes(padded + " ")), 413, "too-large");
        assertProblem(edge.post(new byte[7 * MIB]), 413, "too-large");
    }

    @Test
    void whoAnnouncesFarTooMuchIsToldBeforeItWrites() throws IOException {
        String answer = edge.raw(
                "POST /api/v1/events HTTP/1.1",
                "Host: h",
                "Content-Type: application/json",
                "Authorization: Bearer " + TestEdge.ANY_CLIENT,
                "Content-Length: 20000000",
                "",
                "");

        assertThat(answer).startsWith("HTTP/1.1 413").contains("/problems/too-large");
    }

    @Test
    void whoAsksBeforeItWritesIsAnswered() {
        assertThat(edge.send(request -> request.expectContinue(true).POST(BodyPublishers.ofString(many(100))))
                        .statusCode())
                .isEqualTo(202);
        assertProblem(
                edge.send(request -> request.expectContinue(true)
                        .setHeader("Authorization", "Bearer wrong")
                        .POST(BodyPublishers.ofString(many(100)))),
                401,
                "unauthorized");
    }

    @Test
    void aBombIsCutAtTheLimit() {
        byte[] bomb = GunzipTest.gzip(new byte[200 * MIB]);
        assertThat(bomb).hasSizeLessThan(MIB);

        assertProblem(edge.post(bomb, "Content-Encoding", "gzip"), 413, "too-large");
    }

    @Test
    void aThousandEventsAreTakenAndOneMoreIsNot() {
        assertThat(edge.post(many(1_000)).body()).startsWith("{\"accepted\":1000,");
        assertProblem(edge.post(many(1_001)), 413, "too-many-events");
        assertThat(edge.samples()).hasSize(1_000);
    }

    @Test
    void aBodyThatDoesNotArriveIsNotWaitedFor() throws IOException {
        TestEdge impatient = TestEdge.with(TestEdge.settings("sonde.edge.body-timeout = 200 ms"));

        String answer = impatient.raw(
                "POST /api/v1/events HTTP/1.1",
                "Host: h",
                "Content-Type: application/json",
                "Authorization: Bearer " + TestEdge.ANY_CLIENT,
                "Content-Length: 100",
                "",
                "[");

        assertThat(answer).startsWith("HTTP/1.1 408").contains("/problems/too-slow");
    }

    @Test
    void onlyPostIsDeclared() {
        HttpResponse<String> answer = edge.send(request -> request.GET());

        assertProblem(answer, 405, "method-not-allowed");
        assertThat(answer.headers().firstValue("Allow")).contains("POST");
        assertProblem(
                edge.send(request -> request.method("PUT", BodyPublishers.ofString("{}"))), 405, "method-not-allowed");
        assertProblem(
                edge.send(request -> request.method("OPTIONS", BodyPublishers.noBody())), 405, "method-not-allowed");
    }

    @Test
    void anUnknownPathIsAProblemToo() {
        assertProblem(edge.exchange(edge.request("/api/v1/nothing").build()), 404, "not-found");
        assertProblem(edge.exchange(edge.request("/api/v1/events/").build()), 404, "not-found");
    }

    @Test
    void whatIsNoRequestIsAProblemToo() throws IOException {
        assertThat(edge.raw("what is this", "", "")).startsWith("HTTP/1.1 ").contains("/problems/malformed-request");
        assertThat(edge.raw("GET /" + "x".repeat(20_000) + " HTTP/1.1", "Host: h", "", ""))
                .startsWith("HTTP/1.1 414")
                .contains("application/problem+json");
        assertThat(edge.raw("GET / HTTP/1.1", "Host: h", "X: " + "x".repeat(10_000), "", ""))
                .startsWith("HTTP/1.1 431")
                .contains("application/problem+json");
        assertThat(edge.raw(
                        "POST /api/v1/events HTTP/1.1",
                        "Host: h",
                        "Content-Length: 3",
                        "Transfer-Encoding: chunked",
                        "",
                        "0",
                        "",
                        ""))
                .startsWith("HTTP/1.1 400");
    }

    @Test
    void aBusThatCannotTakeItNowIsSaidWithATimeToComeBack() {
        TestEdge away = TestEdge.with(batch ->
                CompletableFuture.failedFuture(new Unavailable("nats://10.0.0.7 gone", 5, new IOException("reset"))));

        HttpResponse<String> answer = away.post(array(event("a"), event("b")));

        assertProblem(answer, 503, "unavailable");
        assertThat(answer.headers().firstValue("Retry-After")).contains("5");
        assertThat(answer.body()).doesNotContain("10.0.0.7");
    }

    @Test
    void aFaultOfOursTellsNoInternals() {
        TestEdge broken = TestEdge.with(batch -> {
            throw new IllegalStateException("secret of " + batch.source());
        });

        HttpResponse<String> answer = broken.post(event());

        assertProblem(answer, 500, "internal");
        assertThat(answer.body()).contains("\"instance\":\"urn:uuid:").doesNotContain("secret");
    }

    @Test
    void unknownFieldsAreTakenAndCounted() {
        String event = event().replaceFirst("\\{", "{\"later\":[1,2],\"timings2\":{},");

        assertThat(edge.post(event).statusCode()).isEqualTo(202);
        assertThat(edge.counters.count("edge_unknown_fields_total")).isEqualTo(2);
    }

    @Test
    void theAnswerDoesNotSayWhatWeRunOn() {
        assertThat(edge.post(event()).headers().firstValue("Server")).isEmpty();
    }

    private HttpResponse<String> chunked(byte[] body) {
        return edge.send(request -> request.POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))));
    }

    static void assertProblem(HttpResponse<String> answer, int status, String slug) {
        assertThat(answer.body()).startsWith("{\"type\":\"/problems/" + slug + "\",\"title\":\"");
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains("\"status\":" + status + ",\"detail\":\"");
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
