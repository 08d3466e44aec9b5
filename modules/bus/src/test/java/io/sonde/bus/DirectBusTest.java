package io.sonde.bus;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sonde.core.Batch;
import io.sonde.core.Unavailable;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DirectBusTest extends BusContract {
    private final DirectBus bus = new DirectBus(Clock.systemUTC(), Duration.ofMillis(500));

    @Override
    Bus bus() {
        return bus;
    }

    @Test
    void whatTheRecorderCannotTakeIsUnavailableToTheSender() {
        bus.deliverTo(this::refuse);

        assertThatThrownBy(() -> send(batch("berlin-1"))).hasCauseInstanceOf(Unavailable.class);
    }

    @Test
    void anAnswerAfterTheWatermarkHasPassedTheBatchIsNotBelieved() {
        bus.deliverTo(this::take);
        Batch fresh = batch("berlin-1");
        Batch old = new Batch(fresh.source(), fresh.recvTsMs() - 600, Map.of(), fresh.samples(), false);

        assertThatThrownBy(() -> send(old)).hasCauseInstanceOf(Unavailable.class);
    }

    @Test
    void beforeItDeliversItIsUnavailable() {
        assertThatThrownBy(() -> send(batch("berlin-1"))).hasCauseInstanceOf(Unavailable.class);
    }
}
