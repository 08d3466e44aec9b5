package io.sonde.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EdgeSettingsTest {
    @Test
    void theDefaultsAreThoseOfTheApi() {
        EdgeSettings settings = EdgeSettings.from(ConfigFactory.load());

        assertThat(settings)
                .isEqualTo(new EdgeSettings(
                        1_048_576,
                        1_000,
                        Duration.ofSeconds(15),
                        32 << 20,
                        8 << 20,
                        10_000,
                        new ClientRates(new ClientRate(1_000, 10_000, 2_000), Map.of())));
    }

    @Test
    void whatMakesNoSenseIsRefusedByName() {
        assertThatThrownBy(() -> EdgeSettings.from(with("sonde.edge.max-events = 0")))
                .hasMessageContaining("sonde.edge");
        assertThatThrownBy(() -> EdgeSettings.from(with("sonde.edge.max-body = much")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("max-body");
    }

    @Test
    void aTenantHasWhatIsSetForItAndTheRestAsAll() {
        EdgeSettings settings =
                EdgeSettings.from(with("sonde.edge.rate.tenants.\"acme.com\" { events-per-second = 5000 }"));

        assertThat(settings.rates().of("acme.com")).isEqualTo(new ClientRate(5_000, 10_000, 2_000));
        assertThat(settings.rates().of("acme")).isEqualTo(new ClientRate(1_000, 10_000, 2_000));
    }

    @Test
    void lessRoomThanOneRequestNeedsIsRefused() {
        assertThatThrownBy(() -> EdgeSettings.from(with("sonde.edge.max-bytes-in-flight = 2047 KiB")))
                .hasMessageContaining("sonde.edge.max-bytes-in-flight is 2096128");
        assertThatThrownBy(() -> EdgeSettings.from(with("sonde.edge.max-bytes-arriving-per-token = 1023 KiB")))
                .hasMessageContaining("sonde.edge.max-bytes-arriving-per-token is 1047552");
        assertThatThrownBy(() -> EdgeSettings.from(with("sonde.edge.max-batches-in-flight = 999")))
                .hasMessageContaining("sonde.edge.max-batches-in-flight is 999");
    }

    @Test
    void aBurstThatNoFullRequestFitsIntoIsRefused() {
        assertThatThrownBy(() -> EdgeSettings.from(with("sonde.edge.rate.tenants.acme.burst = 999")))
                .hasMessageContaining("sonde.edge.rate.tenants.\"acme\".burst is 999")
                .hasMessageContaining("sonde.edge.max-events (1000)");
        assertThatThrownBy(() -> EdgeSettings.from(with("sonde.edge.rate.events-per-second = 0")))
                .hasMessageContaining("sonde.edge.rate: events-per-second");
    }

    private static Config with(String line) {
        return ConfigFactory.parseString(line).withFallback(ConfigFactory.load());
    }
}
