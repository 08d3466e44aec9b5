package io.sonde.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sonde.qoe.NetworkContext;
import io.sonde.qoe.QoeEvent;
import io.sonde.qoe.QoeEventWriter;
import io.sonde.qoe.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

/** What holds of every measurement, whatever is measured: real sockets, good and bad targets in any mixture. */
@SuppressWarnings("NullAway.Init") // by start()
class MeasurementLawsIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static Path folder;
    private static Fixture on;

    @BeforeContainer
    static void start() throws IOException, GeneralSecurityException {
        folder = Files.createTempDirectory("sonde-probe-laws-");
        on = new Fixture(folder);
    }

    @AfterContainer
    static void stop() throws IOException {
        on.close();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    @Property(tries = 150)
    void p1EveryStageHasAPositiveTimeOrAnErrorNamesTheStageThatEnded(
            @ForAll("urls") String url, @ForAll("downloads") Optional<String> object) {
        TargetUrl target = TargetUrl.parse(url);

        Measurement seen = on.trusting.measure(target, object.map(TargetUrl::parse));

        for (Double time : Stream.of(seen.dnsMs(), seen.tcpMs(), seen.tlsMs(), seen.ttfbMs(), seen.throughputKbps())
                .filter(value -> value != null)
                .toList()) {
            assertThat(time).isPositive().isFinite();
        }
        Stage ended = seen.failure() == null ? null : seen.failure().stage();
        assertThat(seen.tcpMs() != null).isEqualTo(ended == null || ended.compareTo(Stage.TCP) > 0);
        assertThat(seen.tlsMs() != null)
                .isEqualTo(target.secure() && (ended == null || ended.compareTo(Stage.TLS) > 0));
        assertThat(seen.ttfbMs() != null || ended != null).isTrue();
        assertThat(seen.dnsMs() != null)
                .isEqualTo(
                        target.host().endsWith(".test") && !target.host().startsWith("listed") && ended != Stage.DNS);
        assertThat(seen.throughputKbps() != null || ended != null || object.isEmpty())
                .isTrue();
    }

    @Property(tries = 150)
    void p2AnEventOfAnyMeasurementIsWrittenWithNothingLost(
            @ForAll("urls") String url,
            @ForAll("texts") Optional<String> label,
            @ForAll Optional<Boolean> vpn,
            @ForAll("clients") String client)
            throws IOException {
        var context = new NetworkContext("wifi", vpn.orElse(null), label.orElse(null));
        QoeEvent event = on.trusting
                .measure(TargetUrl.parse(url), Optional.empty())
                .toEvent(UUID.randomUUID(), client, context, null);

        JsonNode read = JSON.readTree(QoeEventWriter.toJson(List.of(event))).get(0);

        assertThat(read(read)).isEqualTo(event);
        assertThat(read.get("schema_version").asInt()).isEqualTo(1);
    }

    @Provide
    Arbitrary<String> urls() {
        Arbitrary<String> hosts = Arbitraries.of(
                "127.0.0.1", "localhost", "listed.test", "good.test", "alias.test", "nxdomain.test", "servfail.test");
        Arbitrary<String> paths = Arbitraries.of(
                "/health",
                "/slow?ms=3",
                "/status/200",
                "/status/404",
                "/status/503",
                "/reset",
                "/short",
                "/close",
                "/garbage",
                "/chunked",
                "/redirect?n=1");
        Arbitrary<Integer> doors = Arbitraries.integers().between(0, 3);
        return Combinators.combine(hosts, paths, doors).as((host, path, door) -> switch (door) {
            case 0 -> on.tls(host, path);
            case 1 -> on.expired(host, path);
            default -> on.http(host, path);
        });
    }

    @Provide
    Arbitrary<Optional<String>> downloads() {
        return Arbitraries.of("/fixed/1mb.bin", "/chunked", "/status/500", "/short", "/reset")
                .map(path -> on.http("127.0.0.1", path))
                .optional(0.3);
    }

    @Provide
    Arbitrary<Optional<String>> texts() {
        return Arbitraries.strings()
                .ofMaxLength(255)
                .filter(MeasurementLawsIT::isUnicode)
                .optional();
    }

    @Provide
    Arbitrary<String> clients() {
        return Arbitraries.strings().ofMinLength(1).ofMaxLength(255).filter(MeasurementLawsIT::isUnicode);
    }

    /** Half a surrogate pair is no character and has no place in UTF-8. */
    private static boolean isUnicode(String text) {
        return text.chars().noneMatch(c -> Character.isSurrogate((char) c));
    }

    private static QoeEvent read(JsonNode json) {
        JsonNode context = json.get("network_context");
        JsonNode timings = json.get("timings");
        JsonNode stage = json.get("error_stage");
        return new QoeEvent(
                UUID.fromString(json.get("event_id").asText()),
                json.get("client_id").asText(),
                json.get("target").asText(),
                json.get("ts_ms").asLong(),
                new NetworkContext(
                        context.get("interface_type").textValue(),
                        context.get("vpn_enabled").isNull()
                                ? null
                                : context.get("vpn_enabled").asBoolean(),
                        context.get("user_label").textValue()),
                number(timings.get("dns_ms")),
                number(timings.get("tcp_ms")),
                number(timings.get("tls_ms")),
                number(timings.get("http_ttfb_ms")),
                number(json.get("throughput_kbps")),
                stage.isNull() ? null : Stage.valueOf(stage.asText()),
                json.get("error_type").textValue());
    }

    private static @Nullable Double number(JsonNode value) {
        return value.isNull() ? null : Double.valueOf(value.asDouble());
    }
}
