package io.sonde.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EdgeSettingsTest {
    @Test
    void theDefaultsAreThoseOfTheApi() {
        EdgeSettings settings = EdgeSettings.from(ConfigFactory.load());

        assertThat(settings).isEqualTo(new EdgeSettings(1_048_576, 1_000, Duration.ofSeconds(15)));
    }

    @Test
    void whatMakesNoSenseIsRefusedByName() {
        assertThatThrownBy(() -> EdgeSettings.from(with("sonde.edge.max-events = 0")))
                .hasMessageContaining("sonde.edge");
        assertThatThrownBy(() -> EdgeSettings.from(with("sonde.edge.max-body = much")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("max-body");
    }

    private static Config with(String line) {
        return ConfigFactory.parseString(line).withFallback(ConfigFactory.load());
    }
}
