package io.sonde.probe;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads values by key; what is wrong becomes a line of {@code problems}, and reading goes on with a stand-in. */
record SettingsReader(Config config, List<String> problems) {
    private static final int LONGEST_SHOWN = 200;

    String text(String key, int most) {
        return read(key, "up to " + most + " characters without line breaks", "", name -> {
            String text = config.getString(name).strip();
            if (text.length() > most || text.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException();
            }
            return text;
        });
    }

    Duration duration(String key, Duration least, Duration most) {
        String expected = "a duration of " + words(least) + " to " + words(most) + " (units: ms, s, m, h)";
        return read(key, expected, least, name -> {
            Duration duration = config.getDuration(name);
            if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
                throw new IllegalArgumentException();
            }
            return duration;
        });
    }

    /** A duration, empty for {@code off}. */
    Optional<Duration> durationOrOff(String key, Duration least, Duration most) {
        String text = read(key, "a duration or off", "off", config::getString);
        return text.equals("off") ? Optional.empty() : Optional.of(duration(key, least, most));
    }

    int number(String key, int least, int most) {
        return read(key, "a whole number of " + least + " to " + most, least, name -> {
            int number = config.getInt(name);
            if (number < least || number > most) {
                throw new IllegalArgumentException();
            }
            return number;
        });
    }

    /** A size like 16 MiB, in bytes. */
    long bytes(String key, long least, long most) {
        String expected = "a size of " + least / 1_024 + " KiB to " + (most >> 30) + " GiB (units: KiB, MiB, GiB)";
        return read(key, expected, least, name -> {
            long bytes = config.getBytes(name);
            if (bytes < least || bytes > most) {
                throw new IllegalArgumentException();
            }
            return bytes;
        });
    }

    /** The system's authorities and those in the PEM file that is named, if one is. */
    Trust trust(String key) throws WrongSettings {
        Optional<Trust> trust = read(key, "a file", Optional.<Trust>empty(), name -> {
            String file = config.getString(name);
            try {
                return Optional.of(file.isBlank() ? Trust.system() : Trust.systemAnd(Path.of(file)));
            } catch (IOException | GeneralSecurityException e) {
                throw new IllegalArgumentException(
                        "it must be a readable PEM file of certificates: " + e.getMessage(), e);
            }
        });
        return trust.orElseThrow(() -> new WrongSettings(problems));
    }

    boolean flag(String key) {
        return read(key, "true or false", false, config::getBoolean);
    }

    /** With a message of its own in {@link IllegalArgumentException} it is shown instead of what was expected. */
    <T> T read(String key, String expected, T otherwise, Function<String, T> reading) {
        try {
            return reading.apply(key);
        } catch (ConfigException | IllegalArgumentException e) {
            boolean worded = e instanceof IllegalArgumentException && e.getMessage() != null;
            problems.add(key + ": " + found(key) + (worded ? e.getMessage() : "it must be " + expected));
            return otherwise;
        }
    }

    /** A wrong value is shown with where it stands; a token never is. */
    private String found(String key) {
        try {
            ConfigValue value = config.getValue(key);
            String shown = key.startsWith("token") ? "" : shown(value) + " ";
            return shown + "(" + value.origin().description() + "): ";
        } catch (ConfigException nothingThere) {
            return "";
        }
    }

    private static String shown(ConfigValue value) {
        String whole = value.render(ConfigRenderOptions.concise());
        return whole.length() > LONGEST_SHOWN ? whole.substring(0, LONGEST_SHOWN) + "…" : whole;
    }

    private static String words(Duration duration) {
        long ms = duration.toMillis();
        if (ms % 3_600_000 == 0 && ms > 0) {
            return ms / 3_600_000 + "h";
        }
        if (ms % 60_000 == 0 && ms > 0) {
            return ms / 60_000 + "m";
        }
        return ms % 1_000 == 0 ? ms / 1_000 + "s" : ms + "ms";
    }
}
