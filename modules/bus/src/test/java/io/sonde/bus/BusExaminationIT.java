package io.sonde.bus;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import io.sonde.bus.BusExamination.Found;
import io.sonde.bus.BusExamination.Grade;
import io.sonde.testkit.NatsServer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BusExaminationIT {
    private static NatsServer server;

    @BeforeAll
    static void start() throws Exception {
        server = NatsServer.start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void whatIsThereIsFoundAndStreamsThatAreNotAreNoMistake() throws Exception {
        List<Found> found = examine(Map.of(), Clock.systemUTC());

        assertThat(of(found, "nats").grade()).isEqualTo(Grade.FINE);
        assertThat(of(found, "nats").found()).contains("nats-server 2.");
        assertThat(of(found, "clock.nats").grade()).isEqualTo(Grade.FINE);
        assertThat(of(found, "nats.stream " + TelemetryStream.DEAD_LETTERS).found())
                .contains("not there yet");
        assertThat(found).noneMatch(one -> one.check().equals("nats.jetstream"));
        assertThat(found).allSatisfy(one -> assertThat(one.repair().isEmpty()).isEqualTo(one.grade() == Grade.FINE));
    }

    @Test
    void aClockThatIsWrongIsSaid() throws Exception {
        Found clock = of(examine(Map.of(), Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-2))), "clock.nats");

        assertThat(clock.grade()).isEqualTo(Grade.BROKEN);
        assertThat(clock.found()).containsPattern("1(19|20)\\d{3} ms");
        assertThat(clock.repair()).contains("set-ntp", "sonde.nats.clock-difference");
    }

    @Test
    void aServerWithoutMonitoringIsNotCheckedAndSaysWhy() throws Exception {
        Found clock = of(examine(Map.of("sonde.nats.monitor-url", ""), Clock.systemUTC()), "clock.nats");

        assertThat(clock.grade()).isEqualTo(Grade.DOUBTFUL);
        assertThat(clock.found()).isEqualTo("not checked: sonde.nats.monitor-url is not set");
    }

    @Test
    void moreThanTheServerStoresIsSaid() throws Exception {
        Found fits = of(examine(small(), Clock.systemUTC()), "nats.storage");
        Found tooMuch = of(examine(Map.of("sonde.nats.max-bytes", "8000TiB"), Clock.systemUTC()), "nats.storage");

        assertThat(fits.grade()).isEqualTo(Grade.FINE);
        assertThat(tooMuch.grade()).isEqualTo(Grade.BROKEN);
        assertThat(tooMuch.repair()).contains("sonde.nats.max-bytes");
    }

    @Test
    void streamsAreComparedWithTheirSettings() throws Exception {
        try (NatsServer own = NatsServer.start()) {
            Map<String, String> settings = Map.of(
                    "sonde.nats.url",
                    own.url(),
                    "sonde.nats.monitor-url",
                    own.monitorUrl(),
                    "sonde.nats.max-bytes",
                    "64MiB",
                    "sonde.nats.dead-letter-bytes",
                    "16MiB");
            Connection connection = Nats.connect(own.url());
            connection
                    .jetStreamManagement()
                    .addStream(StreamConfiguration.builder(TelemetryStream.events(settings(settings)))
                            .maxBytes(1 << 20)
                            .build());
            connection
                    .jetStreamManagement()
                    .addStream(StreamConfiguration.builder(TelemetryStream.deadLetters(settings(settings)))
                            .retentionPolicy(RetentionPolicy.Interest)
                            .build());
            List<Found> found = BusExamination.of(settings(settings), Clock.systemUTC());
            connection.jetStreamManagement().deleteStream(TelemetryStream.DEAD_LETTERS);
            new TelemetryStream(connection.jetStreamManagement(), settings(settings)).ensure();
            List<Found> ensured = BusExamination.of(settings(settings), Clock.systemUTC());
            connection.close();

            Found events = of(found, "nats.stream " + TelemetryStream.NAME);
            Found letters = of(found, "nats.stream " + TelemetryStream.DEAD_LETTERS);
            assertThat(events.grade()).isEqualTo(Grade.DOUBTFUL);
            assertThat(events.found()).contains("max_bytes is 1048576 and not 67108864");
            assertThat(letters.grade()).isEqualTo(Grade.BROKEN);
            assertThat(letters.found()).contains("retention is interest and not limits");
            assertThat(of(ensured, "nats.stream " + TelemetryStream.NAME).found())
                    .isEqualTo("as configured");
            assertThat(of(ensured, "nats.stream " + TelemetryStream.DEAD_LETTERS)
                            .found())
                    .isEqualTo("as configured");
        }
    }

    @Test
    void aServerThatKeepsNothingIsSaidAndOneThatIsNotThereToo() throws Exception {
        try (NatsServer plain = NatsServer.withoutJetStream()) {
            List<Found> found = examine(
                    Map.of("sonde.nats.url", plain.url(), "sonde.nats.monitor-url", plain.monitorUrl()),
                    Clock.systemUTC());

            assertThat(of(found, "nats.jetstream").grade()).isEqualTo(Grade.BROKEN);
            assertThat(of(found, "nats.jetstream").repair()).contains("jetstream {");
        }
        List<Found> nobody = examine(Map.of("sonde.nats.url", "nats://127.0.0.1:1"), Clock.systemUTC());
        assertThat(nobody).singleElement().satisfies(one -> {
            assertThat(one.grade()).isEqualTo(Grade.BROKEN);
            assertThat(one.repair()).contains("sonde.nats.url");
        });
    }

    private static Map<String, String> small() {
        return Map.of("sonde.nats.max-bytes", "64MiB", "sonde.nats.dead-letter-bytes", "16MiB");
    }

    private static List<Found> examine(Map<String, String> set, Clock clock) throws Exception {
        return BusExamination.of(settings(set), clock);
    }

    private static JetStreamSettings settings(Map<String, String> set) {
        Config config = ConfigFactory.parseMap(set)
                .withFallback(ConfigFactory.parseMap(
                        Map.of("sonde.nats.url", server.url(), "sonde.nats.monitor-url", server.monitorUrl())))
                .withFallback(ConfigFactory.defaultReference());
        return JetStreamSettings.from(config.getConfig("sonde"));
    }

    private static Found of(List<Found> found, String check) {
        return found.stream()
                .filter(one -> one.check().equals(check))
                .findFirst()
                .orElseThrow();
    }
}
