package io.sonde.otlp;

import com.typesafe.config.Config;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;

/**
 * Where spans go, and of how many events.
 *
 * @param endpoint the collector's base URL, empty for no spans at all
 * @param ratio of what is in no trace, how much begins one, 0–1
 * @param timeout of one request to the collector
 */
public record TracingSettings(String endpoint, double ratio, Duration timeout) {
    public TracingSettings {
        Objects.requireNonNull(timeout);
        requireUrl("sonde.tracing.endpoint", endpoint);
        if (!(ratio >= 0 && ratio <= 1)) {
            throw new IllegalArgumentException("sonde.tracing.ratio is " + ratio + ", it must be 0 to 1");
        }
        if (timeout.toMillis() < 1) {
            throw new IllegalArgumentException("sonde.tracing.timeout must be 1 ms or more");
        }
    }

    /** @param sonde all of {@code sonde} */
    public static TracingSettings from(Config sonde) {
        Config tracing = sonde.getConfig("tracing");
        return new TracingSettings(
                tracing.getString("endpoint").strip(), tracing.getDouble("ratio"), tracing.getDuration("timeout"));
    }

    public boolean isOn() {
        return !endpoint.isEmpty();
    }

    /** @throws IllegalArgumentException when it is neither empty nor the base URL of a collector */
    static void requireUrl(String key, String endpoint) {
        if (endpoint.contains("@")) {
            throw new IllegalArgumentException(
                    key
                            + " names a user or a password, which would stand in the log; it must be like http://127.0.0.1:4318");
        }
        if (!endpoint.isEmpty() && !endpoint.matches("https?://[^/\\s?#]+(/[^\\s?#]*)?")) {
            throw new IllegalArgumentException(key + " is \"" + endpoint.replaceFirst("[?#].*", "…")
                    + "\", it must be like http://127.0.0.1:4318, or empty");
        }
        if (!endpoint.isEmpty() && URI.create(endpoint).getHost() == null) {
            throw new IllegalArgumentException(key + " is \"" + endpoint + "\", which names no host");
        }
    }

    /** @param signal {@code traces} or {@code metrics} */
    static String path(String endpoint, String signal) {
        String base = endpoint.endsWith("/") ? endpoint.substring(0, endpoint.length() - 1) : endpoint;
        return base + "/v1/" + signal;
    }
}
