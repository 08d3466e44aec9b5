package io.sonde.app.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A threshold that holds on all nodes whatever their files say.
 *
 * @param key under {@value #ROOT}
 * @param value a number, true, false or a duration, as one writes it in the file
 */
public record SetThreshold(String key, String value, Instant at, String by) {
    static final String ROOT = "sonde.diagnosis";

    public SetThreshold {
        Objects.requireNonNull(key);
        Objects.requireNonNull(value);
        Objects.requireNonNull(at);
        Objects.requireNonNull(by);
    }

    /** A node's whole configuration with these over what its file says. */
    public static Config over(Config file, List<SetThreshold> thresholds) {
        Config whole = file;
        for (SetThreshold one : thresholds) {
            whole = whole.withValue(ROOT + "." + one.key(), one.configValue());
        }
        return whole;
    }

    /** As a file would have it, so that the same value is no change. */
    private ConfigValue configValue() {
        String origin = "set through the API by " + by + " at " + at;
        if (value.equals("true") || value.equals("false")) {
            return ConfigValueFactory.fromAnyRef(Boolean.valueOf(value), origin);
        }
        if (value.matches("-?\\d{1,15}")) {
            return ConfigValueFactory.fromAnyRef(Long.valueOf(value), origin);
        }
        return value.matches("-?\\d{1,15}\\.\\d{1,15}")
                ? ConfigValueFactory.fromAnyRef(Double.valueOf(value), origin)
                : ConfigValueFactory.fromAnyRef(value, origin);
    }
}
