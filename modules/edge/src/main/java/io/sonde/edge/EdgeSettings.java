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
 * @param maxBytesInFlight of all requests that are not answered, as sent and decompressed
 * @param maxBytesArriving of one token's requests whose bodies are not complete
 * @param maxBatchesInFlight that the bus has not answered; a request has one per client it names
 * @param rates what each client may send
 */
public record EdgeSettings(
        int maxBodyBytes,
        int maxEvents,
        Duration bodyTimeout,
        long maxBytesInFlight,
        long maxBytesArriving,
        int maxBatchesInFlight,
        ClientRates rates) {
    public EdgeSettings {
        Objects.requireNonNull(rates);
        if (maxBodyBytes < 1 || maxEvents < 1 || bodyTimeout.isNegative() || bodyTimeout.isZero()) {
            throw new IllegalArgumentException("sonde.edge: max-body, max-events and body-timeout must be positive");
        }
        if (maxBytesInFlight < 2L * maxBodyBytes) {
            throw new IllegalArgumentException("sonde.edge.max-bytes-in-flight is " + maxBytesInFlight
                    + ", it must be twice max-body (" + maxBodyBytes + ") or more: a large request could never pass");
        }
        if (maxBytesArriving < maxBodyBytes) {
            throw new IllegalArgumentException("sonde.edge.max-bytes-arriving-per-token is " + maxBytesArriving
                    + ", it must be max-body (" + maxBodyBytes + ") or more: a large request could never pass");
        }
        if (maxBatchesInFlight < maxEvents) {
            throw new IllegalArgumentException("sonde.edge.max-batches-in-flight is " + maxBatchesInFlight
                    + ", it must be max-events (" + maxEvents + ") or more: a large request could never pass");
        }
    }

    /** @param config the whole configuration */
    public static EdgeSettings from(Config config) {
        Config edge = config.getConfig("sonde.edge");
        int maxEvents = edge.getInt("max-events");
        return new EdgeSettings(
                Math.toIntExact(edge.getBytes("max-body")),
                maxEvents,
                edge.getDuration("body-timeout"),
                edge.getBytes("max-bytes-in-flight"),
                edge.getBytes("max-bytes-arriving-per-token"),
                edge.getInt("max-batches-in-flight"),
                ClientRates.from(edge.getConfig("rate"), maxEvents));
    }
}
