package io.sonde.probe;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How the probe asks the node what it is to measure.
 *
 * @param own what holds where the node says nothing, as {@link Assignment#foundation} has it
 * @param reach of the targets that the node names
 */
record OrderSettings(Config own, Reach reach, Duration poll) {
    OrderSettings {
        Objects.requireNonNull(own);
        Objects.requireNonNull(reach);
        Objects.requireNonNull(poll);
    }

    /** Empty when it does not ask. */
    static Optional<OrderSettings> read(SettingsReader reader) {
        boolean asks = reader.flag("config-from-node");
        Duration poll = reader.duration("config-poll", Duration.ofSeconds(1), Duration.ofHours(1));
        Reach reach = reader.flag("allow-private-targets") ? Reach.PRIVATE_TOO : Reach.PUBLIC;
        return asks
                ? Optional.of(new OrderSettings(Assignment.foundation(reader.config()), reach, poll))
                : Optional.empty();
    }
}
