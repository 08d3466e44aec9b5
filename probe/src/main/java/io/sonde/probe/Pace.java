package io.sonde.probe;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How often what is measured.
 *
 * @param interval start to start, per target
 * @param stagger between the starts of neighbouring targets
 * @param jitter each start is later by up to this
 * @param throughput start to start, null for never
 */
record Pace(Duration interval, Duration stagger, Duration jitter, @Nullable Duration throughput) {
    Pace {
        Objects.requireNonNull(interval);
        Objects.requireNonNull(stagger);
        Objects.requireNonNull(jitter);
    }

    Optional<Duration> throughputInterval() {
        return Optional.ofNullable(throughput);
    }
}
