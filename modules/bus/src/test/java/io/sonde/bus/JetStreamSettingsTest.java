package io.sonde.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JetStreamSettingsTest {
    private static final String SECRET = "correct horse";

    @Test
    void theDefaultsAgreeWithEachOther() {
        JetStreamSettings settings = with("");

        assertThat(settings.consuming().ackWait())
                .isGreaterThan(settings.publishing().timeout());
    }

    @ParameterizedTest
    @CsvSource({
        "publish-timeout = 0s, publish-timeout",
        "ack-wait = 5s, longer than publish-timeout",
        "ack-wait = 1s, longer than publish-timeout",
        "max-ack-pending = 0, max-ack-pending",
        "max-publishing = 0, max-publishing is 0",
        "max-publishing-bytes = 1000, 1 MiB or more",
        "max-consuming-bytes = 1MiB, 2 MiB or more",
        "stalled-after = 10ms, 1 s or more",
        "max-failures = 0, max-failures",
        "redelivery-delay = 2m, not above max-redelivery-delay",
        "clock-difference = 1h, clock-difference",
        "ping-interval = 1ms, ping-interval",
        "replicas = 2, '1, 3 or 5'",
        "max-bytes = 1000, max-bytes",
        "monitor-url = \"nats://x\", monitor-url",
        "url = \"nats://token@host\", set sonde.nats.user",
        "user = a, one is set without the other",
        "credentials = /nowhere, cannot be read"
    })
    void whatContradictsItselfIsRefusedByName(String set, String said) {
        assertThatThrownBy(() -> with(set))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("sonde.nats.", said);
    }

    /** Settings are printed when something is wrong with them, and the url is logged with each event of a connection. */
    @Test
    void noPasswordIsPrinted() {
        String inUrl = "url = \"nats://a:1,nats://sonde:%s@b:1\"".formatted(SECRET);

        assertThatThrownBy(() -> with(inUrl))
                .hasMessageContaining("sonde.nats.url")
                .hasMessageNotContaining(SECRET);
        assertThat(with("user = sonde, password = \"" + SECRET + "\"").toString())
                .contains("sonde")
                .doesNotContain(SECRET);
    }

    @Test
    void theLargestRequestHasToPass() {
        assertThatThrownBy(() ->
                        with("max-publishing = 999").requireAgreement(1_000, 1 << 20, Duration.ofSeconds(5), 100_000))
                .hasMessageContainingAll("sonde.nats.max-publishing is 999", "sonde.edge.max-events (1000)");
        assertThatThrownBy(() -> with("").requireAgreement(1_000, 1L << 30, Duration.ofSeconds(5), 100_000))
                .hasMessageContainingAll("sonde.nats.max-publishing-bytes", "sonde.edge.max-body");
        with("max-publishing = 1000").requireAgreement(1_000, 1 << 20, Duration.ofSeconds(5), 100_000);
    }

    private static JetStreamSettings with(String set) {
        Config sonde = ConfigFactory.parseString(set)
                .atPath("sonde.nats")
                .withFallback(ConfigFactory.defaultReference())
                .getConfig("sonde");
        return JetStreamSettings.from(sonde);
    }
}
