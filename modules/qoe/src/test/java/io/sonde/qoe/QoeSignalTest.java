package io.sonde.qoe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sonde.core.MalformedBody;
import io.sonde.core.Reading;
import io.sonde.core.Readings;
import io.sonde.core.Refusal;
import io.sonde.core.Sample;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QoeSignalTest {
    private static final long RECV_TS_MS = QoeEvents.RECV_TS_MS;
    private static final String ID = "3f0c6a5e-2b7d-4c43-9d0e-1a2b3c4d5e6f";
    private static final String REST = "\"client_id\":\"c\",\"target\":\"http://h/\",\"ts_ms\":1763632800123";
    private static final String GOOD = "{\"schema_version\":1,\"event_id\":\"" + ID + "\"," + REST + "}";
    private static final double NAN = Double.NaN;

    private final QoeSignal signal = new QoeSignal();

    @Property(tries = 300)
    void p2WhatTheProbeWritesIsReadBackTheSame(@ForAll @Size(min = 1, max = 5) List<@From("events") QoeEvent> events)
            throws MalformedBody {
        Readings readings = signal.read(QoeEventWriter.toJson(events), false, RECV_TS_MS, 1_000);

        assertThat(readings.events())
                .isEqualTo(events.stream().map(QoeSignalTest::expected).toList());
        assertThat(readings.unknownFields()).isEmpty();
        assertThat(readings.schemaVersions()).isEqualTo(Map.of("1", events.size()));
    }

    @Property
    void p17UnknownFieldsOfAKnownVersionAreAcceptedAndCounted(
            @ForAll("names") String name, @ForAll("values") String value) throws MalformedBody {
        String event =
                GOOD.replace("}", ",\"x" + name + "\":" + value + ",\"timings\":{\"x" + name + "\":" + value + "}}");

        Readings readings = read(event);

        assertThat(readings.events().get(0)).isInstanceOf(Reading.Valid.class);
        assertThat(readings.unknownFields()).isEqualTo(Map.of("x" + name, 1, "timings.x" + name, 1));
    }

    @Property
    void p17AnUnknownVersionOrAMissingFieldIsRefused(
            @ForAll("versions") String version, @ForAll("required") String field, @ForAll boolean asNull)
            throws MalformedBody {
        String unknown = GOOD.replace("\"schema_version\":1", "\"schema_version\":" + version);
        String missing = asNull
                ? GOOD.replaceAll("\"" + field + "\":(\"[^\"]*\"|[0-9]+)", "\"" + field + "\":null")
                : GOOD.replace("\"" + field + "\"", "\"x\"");

        Reading.Refused unknownVersion = refused(unknown);
        Reading.Refused missingField = refused(missing);

        assertThat(unknownVersion.reason()).isEqualTo(Refusal.UNKNOWN_SCHEMA_VERSION);
        assertThat(unknownVersion.eventId()).isEqualTo(ID);
        assertThat(missingField.reason()).isEqualTo(Refusal.MISSING_FIELD);
        assertThat(missingField.detail()).isEqualTo(field + ": required");
    }

    @Test
    void aRefusedEventNamesItsClientIfThatIsReadable() throws MalformedBody {
        assertThat(refused(GOOD.replace("\"schema_version\":1", "\"schema_version\":2"))
                        .source())
                .isEqualTo(valid(GOOD).source());
        assertThat(refused(GOOD.replace("\"client_id\"", "\"x\"")).source()).isNull();
        assertThat(refused(GOOD.replaceAll("\"client_id\":\"", "$0" + "x".repeat(255)))
                        .source())
                .isNull();
    }

    @Property(tries = 2_000)
    void mutatedBytesAreReadOrMalformedAndNothingElse(
            @ForAll @Size(max = 3) List<@From("events") QoeEvent> events,
            @ForAll @Size(min = 1, max = 8) List<@IntRange(max = 1 << 20) Integer> edits,
            @ForAll boolean lines) {
        byte[] body = QoeEventWriter.toJson(events);
        for (int edit : edits) {
            body[edit % body.length] = (byte) (edit >> 8);
        }

        try {
            Readings readings = signal.read(body, lines, RECV_TS_MS, 1_000);
            assertThat(readings.unknownFields()).hasSizeLessThanOrEqualTo(100);
        } catch (MalformedBody e) {
            assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(500);
        }
    }

    @Test
    void aNumberThatIsNoneIsSaidInWordsForItsSender() {
        assertThatThrownBy(() -> new QoeSignal()
                        .read("[{\"ts_ms\":NaN}]".getBytes(StandardCharsets.UTF_8), false, 1_763_632_860_000L, 10))
                .isInstanceOf(MalformedBody.class)
                .hasMessageContaining("NaN")
                .hasMessageNotContaining("enable");
    }

    @Test
    void versionOneStaysReadable() throws IOException, MalformedBody {
        assertThat(read(golden("success.json")).events())
                .containsExactly(new Reading.Valid(
                        "berlin-1",
                        Map.of("interface_type", "wifi", "vpn_enabled", "false", "user_label", "büro"),
                        new Sample(
                                UUID.fromString(ID),
                                "https://example.org/health",
                                1763632800123L,
                                new double[] {3.1, 11.2, 18.9, 45.7, 48211.5, 78.9},
                                Sample.SUCCESS,
                                "")));
        assertThat(read(golden("failure.json")).events())
                .containsExactly(new Reading.Valid(
                        "東京 2",
                        Map.of(),
                        new Sample(
                                UUID.fromString("3f0c6a5e-2b7d-4c43-9d0e-1a2b3c4d5e70"),
                                "http://192.0.2.1:8080/",
                                1763632800124L,
                                new double[] {0.4, NAN, NAN, NAN, NAN, NAN},
                                1,
                                "timeout")));
        assertThat(valid(golden("smallest.json")).sample().values()).containsOnly(NAN);
    }

    @Test
    void versionOneWithMoreStaysReadable() throws IOException, MalformedBody {
        Readings extended = read(golden("extended.json"));
        Readings lines = readLines(golden("lines.ndjson"));

        assertThat(((Reading.Valid) extended.events().get(0)).sample().values())
                .containsExactly(1, NAN, NAN, NAN, 1000, NAN);
        assertThat(extended.unknownFields())
                .isEqualTo(Map.of("network_context.signal_dbm", 1, "timings.quic_ms", 1, "trace", 1));
        assertThat(lines.events())
                .extracting(event -> ((Reading.Valid) event).sample().reason())
                .containsExactly("", "unknown");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            textBlock =
                    """
        "event_id":"3f0c6a5e2b7d4c439d0e1a2b3c4d5e6f" ~ event_id: expected a UUID
        "event_id":"1-1-1-1-1" ~ event_id: expected a UUID
        "event_id":17 ~ event_id: expected a string
        "client_id":"" ~ client_id: expected 1 to 255
        "client_id":"a\\u0000b" ~ client_id: expected 1 to 255
        "client_id":"\\ud83d" ~ client_id: expected 1 to 255
        "client_id":["c"] ~ client_id: expected a string
        "target":"/health" ~ target: expected an absolute
        "target":"ftp://h/" ~ target: expected an absolute
        "target":"http:///path" ~ target: expected an absolute
        "target":"http://:80/" ~ target: expected an absolute
        "target":"http://h:65536/" ~ target: expected an absolute
        "target":"http://h/a b" ~ target: expected an absolute
        "ts_ms":0 ~ ts_ms: expected milliseconds
        "ts_ms":-5 ~ ts_ms: expected milliseconds
        "ts_ms":1763632800123.5 ~ ts_ms: expected milliseconds
        "ts_ms":99999999999999999999 ~ ts_ms: expected milliseconds
        "ts_ms":"1763632800123" ~ ts_ms: expected milliseconds
        "timings":{"dns_ms":-0.1} ~ timings.dns_ms: expected a number
        "timings":{"tcp_ms":600000.1} ~ timings.tcp_ms: expected a number
        "timings":{"tls_ms":1e999} ~ timings.tls_ms: expected a number
        "timings":{"http_ttfb_ms":"3"} ~ timings.http_ttfb_ms: expected a number
        "timings":{"dns_ms":{"p95":[1]}} ~ timings.dns_ms: expected a number
        "timings":[] ~ timings: expected an object
        "throughput_kbps":1e10 ~ throughput_kbps: expected a number
        "network_context":"wifi" ~ network_context: expected an object
        "network_context":{"vpn_enabled":"no"} ~ network_context.vpn_enabled: expected true or false
        "network_context":{"user_label":"a\\nb"} ~ network_context.user_label: expected at most 255
        "error_stage":"QUIC" ~ error_stage: expected DNS, TCP
        "error_stage":"DNS","error_type":"no such host" ~ error_type: expected 1 to 64
        "error_type":"timeout" ~ error_type: only together
        "throughput_kbps":1,"throughput_kbps":2 ~ throughput_kbps: is there twice
        """)
    void aBadFieldIsRefusedAndSaysWhatWasExpected(String field, String detail) throws MalformedBody {
        String name = field.substring(0, field.indexOf(':'));
        String others = GOOD.replaceAll(name + ":(\"[^\"]*\"|[0-9]+),?", "").replace(",}", "}");
        String good = GOOD.replace(ID, "3f0c6a5e-2b7d-4c43-9d0e-1a2b3c4d5e70");

        Readings readings = read("[" + good + "," + others.replace("}", "," + field + "}") + "," + good + "]");

        assertThat(readings.events().get(0)).isInstanceOf(Reading.Valid.class);
        assertThat(readings.events().get(2)).isInstanceOf(Reading.Valid.class);
        var refused = (Reading.Refused) readings.events().get(1);
        assertThat(refused.reason()).isEqualTo(Refusal.INVALID_FIELD);
        assertThat(refused.detail()).startsWith(detail);
    }

    @Test
    void lengthsAreTakenToTheLastCharacterAndNoFurther() throws MalformedBody {
        String rockets = "\uD83D\uDE80".repeat(255);
        String url = "http://h/" + "x".repeat(2_039);

        assertThat(valid(GOOD.replace("\"c\"", "\"" + rockets + "\"")).source()).isEqualTo(rockets);
        assertThat(refused(GOOD.replace("\"c\"", "\"" + rockets + "!\"")).detail())
                .startsWith("client_id");
        assertThat(valid(GOOD.replace("http://h/", url)).sample().target()).isEqualTo(url);
        assertThat(refused(GOOD.replace("http://h/", url + "x")).detail()).startsWith("target");
    }

    @Test
    void aClockMoreThanFiveMinutesAheadIsRefused() throws MalformedBody {
        long edge = RECV_TS_MS + 300_000;

        assertThat(valid(GOOD.replace("1763632800123", "" + edge)).sample().tsMs())
                .isEqualTo(edge);
        assertThat(refused(GOOD.replace("1763632800123", "" + (edge + 1))).reason())
                .isEqualTo(Refusal.CLOCK_SKEW);
    }

    @Test
    void minusZeroIsZero() throws MalformedBody {
        double dns = valid(GOOD.replace("}", ",\"timings\":{\"dns_ms\":-0.0}}"))
                .sample()
                .values()[0];

        assertThat(Double.doubleToRawLongBits(dns)).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "17",
                "null",
                "\"x\"",
                "{",
                "[{}",
                "{}{}",
                "{} x",
                "[1,]",
                "{\"a\":NaN}",
                "[NaN]",
                "{'a':1}",
                "\uFEFF{}"
            })
    void aBodyThatIsNoEventAndNoArrayIsMalformed(String body) {
        assertThatThrownBy(() -> read(body)).isInstanceOf(MalformedBody.class);
    }

    @Test
    void aMalformedBodySaysWhere() {
        assertThatThrownBy(() -> read("[" + GOOD + ",\n  {\"a\" 1}]"))
                .isInstanceOf(MalformedBody.class)
                .hasMessageContaining("line 2, column 8");
    }

    @Test
    void anUnboundedDepthIsMalformed() {
        assertThatThrownBy(() -> read("[".repeat(500_000))).isInstanceOf(MalformedBody.class);
        assertThatThrownBy(() -> read("{\"a\":" + "[".repeat(500_000))).isInstanceOf(MalformedBody.class);
    }

    @Test
    void anElementThatIsNoObjectIsRefusedAlone() throws MalformedBody {
        assertThat(read("[1,[{}],\"x\",null," + GOOD + "]").events())
                .extracting(Reading::getClass)
                .containsExactly(
                        Reading.Refused.class,
                        Reading.Refused.class,
                        Reading.Refused.class,
                        Reading.Refused.class,
                        Reading.Valid.class);
    }

    @Test
    void aBrokenLineIsRefusedAlone() throws MalformedBody {
        List<Reading> events = readLines(GOOD + "\r\n\n{broken\n[" + GOOD + "]\n" + GOOD + GOOD + "\n" + GOOD)
                .events();

        assertThat(events).hasSize(5);
        assertThat(events.get(0)).isInstanceOf(Reading.Valid.class).isEqualTo(events.get(4));
        assertThat(events.subList(1, 4)).allSatisfy(event -> assertThat(((Reading.Refused) event).reason())
                .isEqualTo(Refusal.MALFORMED));
    }

    @Test
    void moreEventsThanAllowedAreSaidToBeTooMany() {
        assertThatThrownBy(() -> signal.read(bytes("[{},{},{}]"), false, RECV_TS_MS, 2))
                .isInstanceOfSatisfying(MalformedBody.class, e -> assertThat(e.isTooManyEvents())
                        .isTrue());
        assertThatThrownBy(() -> signal.read(bytes("{}\n{}\n{}"), true, RECV_TS_MS, 2))
                .isInstanceOfSatisfying(MalformedBody.class, e -> assertThat(e.isTooManyEvents())
                        .isTrue());
    }

    @Test
    void unknownFieldsAreCountedInBoundedMemory() throws MalformedBody {
        var event = new StringBuilder(GOOD).deleteCharAt(GOOD.length() - 1);
        for (int i = 0; i < 1_000; i++) {
            event.append(",\"")
                    .append("n".repeat(100))
                    .append("\":1,\"field")
                    .append(i)
                    .append("\":1");
        }

        Map<String, Integer> unknown = read(event.append('}').toString()).unknownFields();

        assertThat(unknown)
                .hasSize(100)
                .containsEntry("n".repeat(63) + "…", 1_000)
                .containsEntry("(others)", 902);
    }

    @Test
    void whatIsSaidBackOfAnIdIsCleanAndShort() throws MalformedBody {
        String id =
                refused(GOOD.replace(ID, "\\u0007\\ud83d" + "x".repeat(1_000))).eventId();

        assertThat(id).startsWith("\uFFFD\uFFFDxxx").hasSize(64);
    }

    @Provide
    Arbitrary<QoeEvent> events() {
        return QoeEvents.any();
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.strings().alpha().numeric().ofMaxLength(40);
    }

    @Provide
    Arbitrary<String> values() {
        return Arbitraries.of("1", "null", "\"\\ud83d\"", "[[1,{\"client_id\":2}]]", "{\"ts_ms\":{}}", "1e999", "true");
    }

    @Provide
    Arbitrary<String> versions() {
        Arbitrary<String> numbers = Arbitraries.integers()
                .filter(version -> version != 1)
                .flatMap(version -> Arbitraries.of("" + version, "\"" + version + "\"", version + ".5"));
        return Arbitraries.oneOf(numbers, Arbitraries.of("\"1.1\"", "\"v1\"", "true", "[1]", "{\"1\":1}", "\"\""));
    }

    @Provide
    Arbitrary<String> required() {
        return Arbitraries.of("schema_version", "event_id", "client_id", "target", "ts_ms");
    }

    private static Reading expected(QoeEvent event) {
        Map<String, String> attributes = new HashMap<>();
        NetworkContext context = event.networkContext();
        if (context.interfaceType() != null) {
            attributes.put("interface_type", context.interfaceType());
        }
        if (context.vpnEnabled() != null) {
            attributes.put("vpn_enabled", context.vpnEnabled().toString());
        }
        if (context.userLabel() != null) {
            attributes.put("user_label", context.userLabel());
        }
        double[] values = {
            orNaN(event.dnsMs()),
            orNaN(event.tcpMs()),
            orNaN(event.tlsMs()),
            orNaN(event.httpTtfbMs()),
            orNaN(event.throughputKbps()),
            total(event)
        };
        Stage stage = event.errorStage();
        int error = stage == null ? Sample.SUCCESS : List.of(Stage.values()).indexOf(stage);
        String reason = Objects.requireNonNullElse(event.errorType(), "");
        return new Reading.Valid(
                event.clientId(),
                attributes,
                new Sample(event.eventId(), event.target(), event.tsMs(), values, error, reason));
    }

    /** In µs, as decimals: to the µs whatever the order of the sum. */
    private static double total(QoeEvent event) {
        return event.httpTtfbMs() == null
                ? NAN
                : Math.rint(1_000
                                * Stream.of(event.dnsMs(), event.tcpMs(), event.tlsMs(), event.httpTtfbMs())
                                        .filter(Objects::nonNull)
                                        .mapToDouble(ms -> ms)
                                        .sum())
                        / 1_000;
    }

    private static double orNaN(@Nullable Double value) {
        return value == null ? NAN : value;
    }

    private Reading.Valid valid(String body) throws MalformedBody {
        return (Reading.Valid) read(body).events().get(0);
    }

    private Reading.Refused refused(String body) throws MalformedBody {
        return (Reading.Refused) read(body).events().get(0);
    }

    private Readings read(String body) throws MalformedBody {
        return signal.read(bytes(body), false, RECV_TS_MS, 1_000);
    }

    private Readings readLines(String body) throws MalformedBody {
        return signal.read(bytes(body), true, RECV_TS_MS, 1_000);
    }

    private static byte[] bytes(String body) {
        return body.getBytes(StandardCharsets.UTF_8);
    }

    private static String golden(String file) throws IOException {
        try (InputStream in = QoeSignalTest.class.getResourceAsStream("/events-v1/" + file)) {
            return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
