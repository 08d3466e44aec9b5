package io.sonde.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.nats.client.Options;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class NatsConnectionTest {
    private final Options options = NatsConnection.options("nats://127.0.0.1:4222");

    /** The client's default gives up for ever after two minutes. */
    @Test
    void theServerMayBeAwayForever() {
        assertThat(options.getMaxReconnect()).isEqualTo(-1);
        assertThat(options.getReconnectWait()).isLessThanOrEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void aHalfOpenConnectionIsGivenUpWithinHalfAMinute() {
        assertThat(options.getPingInterval().multipliedBy(options.getMaxPingsOut() + 1))
                .isLessThanOrEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void nothingThatIsPublishedWaitsInTheClient() {
        assertThat(options.getReconnectBufferSize()).isZero();
    }
}
