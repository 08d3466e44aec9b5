package io.sonde.bus;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.nats.client.Options;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class NatsConnectionTest {
    private final Options options = NatsConnection.options(
            JetStreamSettings.from(ConfigFactory.defaultReference().getConfig("sonde")));

    /** The client's default gives up for ever after two minutes. */
    @Test
    void theServerMayBeAwayForever() {
        assertThat(options.getMaxReconnect()).isEqualTo(-1);
        assertThat(options.getReconnectWait()).isLessThanOrEqualTo(Duration.ofSeconds(2));
    }

    /** The first tick after traffic asks nothing, two are asked, and the fourth gives up. */
    @Test
    void aHalfOpenConnectionIsGivenUpWithinTwentyFiveSeconds() {
        assertThat(options.getPingInterval().multipliedBy(options.getMaxPingsOut() + 2))
                .isLessThanOrEqualTo(Duration.ofSeconds(25));
    }

    @Test
    void nothingThatIsPublishedWaitsInTheClient() {
        assertThat(options.getReconnectBufferSize()).isZero();
    }
}
