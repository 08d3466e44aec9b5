package io.sonde.app.metrics;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What {@code sonde.metrics} sets.
 *
 * @param token who asks for metrics has to show; empty when anybody may ask
 */
public record MetricsSettings(String token, Probes probes) {
    private static final Pattern SENDABLE = Pattern.compile("[A-Za-z0-9._~+/=-]{16,200}");

    public MetricsSettings {
        Objects.requireNonNull(probes);
        if (!token.isEmpty() && !SENDABLE.matcher(token).matches()) {
            throw new IllegalArgumentException(
                    "sonde.metrics.token must be 16 to 200 letters, digits or - . _ ~ + / =, or empty");
        }
    }

    /**
     * Of {@code /probe-metrics}.
     *
     * @param maxSeries of telemetry that are shown
     * @param maxAge of a series' last window, by its start
     */
    public record Probes(boolean served, int maxSeries, Duration maxAge) {
        public Probes {
            if (maxSeries < 1) {
                throw new IllegalArgumentException(
                        "sonde.metrics.probes.max-series is " + maxSeries + ", it must be at least 1");
            }
            if (maxAge.isNegative() || maxAge.isZero()) {
                throw new IllegalArgumentException("sonde.metrics.probes.max-age must be longer than 0");
            }
        }
    }

    /** @param sonde the settings of the node */
    public static MetricsSettings from(Config sonde) {
        Config metrics = sonde.getConfig("metrics");
        return new MetricsSettings(
                metrics.getString("token"),
                new Probes(
                        metrics.getBoolean("probes.served"),
                        metrics.getInt("probes.max-series"),
                        metrics.getDuration("probes.max-age")));
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return (token.isEmpty() ? "open" : "by token") + ", " + probes;
    }
}
