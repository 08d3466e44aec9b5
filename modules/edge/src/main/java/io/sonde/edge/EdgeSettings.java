package io.sonde.edge;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.Objects;

/**
 * What {@code sonde.edge} sets.
 *
 * @param maxBodyBytes of a request, after decompression
 * @param maxEvents of a request
 * @param bodyTimeout how long a body may take to arrive
 */
public record EdgeSettings(int maxBodyBytes, int maxEvents, Duration bodyTimeout) {
    public EdgeSettings {
        Objects.requireNonNull(bodyTimeout);
        if (maxBodyBytes < 1 || maxEvents < 1 || bodyTimeout.isNegative() || bodyTimeout.isZero()) {
            throw new IllegalArgumentException("sonde.edge: max-body, max-events and body-timeout must be positive");
        }
    }

    /** @param config the whole configuration */
    public static EdgeSettings from(Config config) {
        Config edge = config.getConfig("sonde.edge");
        return new EdgeSettings(
                Math.toIntExact(edge.getBytes("max-body")),
                edge.getInt("max-events"),
                edge.getDuration("body-timeout"));
    }
}
