package io.sonde.otlp;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * Where windows go as gauges, and how many.
 *
 * @param endpoint the collector's base URL, empty for none
 * @param mostSeries of a node; windows of more are dropped
 * @param every how often what has closed is sent
 * @param timeout of one request to the collector
 */
public record WindowGaugesSettings(String endpoint, int mostSeries, Duration every, Duration timeout) {
    public WindowGaugesSettings {
        TracingSettings.requireUrl("sonde.otlp-windows.endpoint", endpoint);
        if (mostSeries < 1) {
            throw new IllegalArgumentException(
                    "sonde.otlp-windows.most-series is " + mostSeries + ", it must be 1 or more");
        }
        if (every.toMillis() < 10 || timeout.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "sonde.otlp-windows.every must be 10 ms or more, and timeout 1 ms or more");
        }
    }

    /** @param sonde all of {@code sonde} */
    public static WindowGaugesSettings from(Config sonde) {
        Config windows = sonde.getConfig("otlp-windows");
        return new WindowGaugesSettings(
                windows.getString("endpoint").strip(),
                windows.getInt("most-series"),
                windows.getDuration("every"),
                windows.getDuration("timeout"));
    }

    public boolean isOn() {
        return !endpoint.isEmpty();
    }
}
