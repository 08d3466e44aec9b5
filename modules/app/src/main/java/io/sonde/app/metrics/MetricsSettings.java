package io.sonde.app.metrics;

import com.typesafe.config.Config;
import java.util.regex.Pattern;

/**
 * What {@code sonde.metrics} sets.
 *
 * @param token who asks for metrics has to show; empty when anybody may ask
 */
public record MetricsSettings(String token) {
    private static final Pattern SENDABLE = Pattern.compile("[A-Za-z0-9._~+/=-]{16,200}");

    /** @param sonde the settings of the node */
    public static MetricsSettings from(Config sonde) {
        return new MetricsSettings(sonde.getString("metrics.token"));
    }

    public MetricsSettings {
        if (!token.isEmpty() && !SENDABLE.matcher(token).matches()) {
            throw new IllegalArgumentException(
                    "sonde.metrics.token must be 16 to 200 letters, digits or - . _ ~ + / =, or empty");
        }
    }

    @Override
    public String toString() {
        return token.isEmpty() ? "open" : "by token";
    }
}
