package io.sonde.notify;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of the configuration whose keys have no default, and so are checked here. A mistake is an {@link
 * IllegalArgumentException} with the key, the line it stands in and what to do; never with the value, which may be a secret.
 *
 * @param path of this part, for people
 */
record Section(String path, Config config) {
    /** That a text is set under this name, and in a file under that. */
    private static final String IN_FILE = "-file";

    IllegalArgumentException mistake(String key, String what) {
        ConfigValue value = config.root().get(key);
        String origin = (value == null ? config.origin() : value.origin()).description();
        return new IllegalArgumentException(path + "." + key + " (" + origin + "): " + what);
    }

    void allowOnly(List<String> keys) {
        config.root().keySet().stream()
                .filter(key -> !keys.contains(key))
                .sorted()
                .findFirst()
                .ifPresent(key -> {
                    throw mistake(key, "there is no such key here; there are " + String.join(", ", keys));
                });
    }

    /** Empty where it is not set, or to nothing, as from the environment. */
    Optional<String> text(String key) {
        return read(key, name -> config.getString(name), "is to be text").filter(text -> !text.isBlank());
    }

    String required(String key) {
        return text(key).orElseThrow(() -> mistake(key, "is missing"));
    }

    List<String> texts(String key) {
        return read(key, name -> config.getStringList(name), "is to be a list of texts, [\"a\", \"b\"]")
                .orElseThrow(() -> mistake(key, "is missing; it is to be a list of texts, [\"a\", \"b\"]"));
    }

    Optional<Integer> port(String key) {
        Optional<Integer> port = read(key, name -> config.getInt(name), "is to be a whole number");
        if (port.isPresent() && (port.get() < 1 || port.get() > 65_535)) {
            throw mistake(key, "is to be from 1 to 65535");
        }
        return port;
    }

    /** Of this key, or the contents of the file that {@code key-file} names. */
    Optional<Secret> secret(String key) {
        Optional<String> inline = text(key);
        Optional<String> file = text(key + IN_FILE);
        if (inline.isPresent() && file.isPresent()) {
            throw mistake(key, "is set as well as " + key + IN_FILE + "; set one of them");
        }
        return inline.or(() -> file.map(name -> contents(key + IN_FILE, name))).map(Secret::new);
    }

    Address address(String key, @Nullable String otherwise) {
        String text = secret(key)
                .map(Secret::value)
                .or(() -> Optional.ofNullable(otherwise))
                .orElseThrow(
                        () -> mistake(key, "is missing; set it, or " + key + IN_FILE + " to a file that holds it"));
        return checked(key, text, Address::of);
    }

    <E extends Enum<E>> E choice(String key, Class<E> type, E otherwise) {
        return text(key)
                .map(name -> checked(key, name, one -> Choice.of(type, one)))
                .orElse(otherwise);
    }

    <T> T checked(String key, String text, Function<String, T> read) {
        try {
            return read.apply(text);
        } catch (IllegalArgumentException e) {
            throw mistake(key, String.valueOf(e.getMessage()));
        }
    }

    private String contents(String key, String name) {
        try {
            String text = Files.readString(Path.of(name)).strip();
            if (text.isEmpty()) {
                throw mistake(key, "the file " + name + " is empty");
            }
            return text;
        } catch (MalformedInputException e) {
            throw mistake(key, "the file " + name + " is no text");
        } catch (IOException | InvalidPathException e) {
            throw mistake(key, "the file " + name + " cannot be read");
        }
    }

    private <T> Optional<T> read(String key, Function<String, T> get, String otherwise) {
        try {
            return config.hasPath(quoted(key)) ? Optional.of(get.apply(quoted(key))) : Optional.empty();
        } catch (ConfigException e) {
            throw mistake(key, otherwise);
        }
    }

    private static String quoted(String key) {
        return ConfigUtil.quoteString(key);
    }
}
