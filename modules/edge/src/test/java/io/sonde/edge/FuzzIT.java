package io.sonde.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class FuzzIT {
    private static final TestEdge EDGE =
            TestEdge.with(TestEdge.settings("sonde.edge.rate { events-per-second = 1000000000, burst = 1000000000 }"));

    @Property(tries = 1_500)
    void noBodyIsAFaultOfOurs(
            @ForAll("bodies") byte[] body,
            @ForAll @Size(max = 8) List<@IntRange(max = 1 << 20) Integer> edits,
            @ForAll("types") String type,
            @ForAll("encodings") String encoding) {
        for (int edit : edits) {
            if (body.length > 0) {
                body[edit % body.length] = (byte) (edit >> 8);
            }
        }

        HttpResponse<String> answer = EDGE.post(body, "Content-Type", type, "Content-Encoding", encoding);

        assertThat(answer.statusCode()).isIn(202, 400, 413, 415, 422);
        String expected = answer.statusCode() == 202 ? "application/json" : "application/problem+json";
        assertThat(answer.headers().firstValue("Content-Type")).contains(expected);
    }

    @Property(tries = 200)
    void p17AKnownVersionWithUnknownFieldsIsTakenAndAnUnknownVersionIsNot(
            @ForAll("fields") String field, @ForAll @IntRange(min = 2, max = 99) int version) {
        String extended = Events.event().replaceFirst("\\{", "{" + field + ",");
        String unknown = Events.event().replace("\"schema_version\":1", "\"schema_version\":" + version);
        String incomplete = Events.event().replace("\"target\"", "\"aim\"");

        assertThat(EDGE.post(extended).body()).startsWith("{\"accepted\":1,");
        HttpResponse<String> refused = EDGE.post(Events.array(unknown, incomplete));
        IngestRoutesIT.assertProblem(refused, 422, "nothing-acceptable");
        assertThat(refused.body())
                .contains("\"reason\":\"unknown_schema_version\"")
                .contains("\"reason\":\"missing_field\",\"detail\":\"target: required\"");
    }

    @Provide
    Arbitrary<byte[]> bodies() {
        Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(300);
        Arbitrary<byte[]> events =
                Arbitraries.integers().between(0, 3).map(n -> Events.many(n).getBytes(StandardCharsets.UTF_8));
        Arbitrary<byte[]> json = Arbitraries.of(
                        "[[[[[[",
                        "{\"a\":",
                        "[1e999,\"\\ud800\"]",
                        "{\"event_id\":\"\\ud800\\u0000\"}",
                        "\"",
                        "[{}]",
                        "nul")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
        return Arbitraries.oneOf(noise, events, json, events.map(GunzipTest::gzip));
    }

    @Provide
    Arbitrary<String> types() {
        return Arbitraries.of("application/json", "application/json", "application/x-ndjson", "text/plain");
    }

    @Provide
    Arbitrary<String> encodings() {
        return Arbitraries.of("identity", "identity", "gzip", "deflate");
    }

    @Provide
    Arbitrary<String> fields() {
        return Arbitraries.of(
                "\"x\":1", "\"x\":null", "\"later\":{\"a\":[1,{\"b\":2}]}", "\"Target\":\"http://other\"");
    }
}
