package io.sonde.app.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sonde.app.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a node's configuration is from, to be read again when its file has changed. Used by one thread at a time. */
public final class ConfigurationSource {
    private final Config first;
    private final @Nullable Path file;
    private final Config over;
    private byte[] seen;

    private ConfigurationSource(Config first, @Nullable Path file, Config over, byte[] seen) {
        this.first = first;
        this.file = file;
        this.over = over;
        this.seen = seen;
    }

    /** One that never changes. */
    public static ConfigurationSource fixed(Config config) {
        return new ConfigurationSource(config, null, ConfigFactory.empty(), new byte[0]);
    }

    /**
     * @param over goes before the file
     * @throws Problem when there is no such file, or something is wrong with it
     */
    public static ConfigurationSource ofFile(Path file, Map<String, ?> over) {
        Config set = ConfigFactory.parseMap(over, "the command line");
        Config first = Configuration.ofFile(file, set);
        return new ConfigurationSource(first, file, set, bytes(file));
    }

    /** As it was at first. */
    public Config config() {
        return first;
    }

    /**
     * The whole configuration when the file is another than the one taken last.
     *
     * @throws Problem when something is wrong with it
     */
    public Optional<Config> changed() {
        if (file == null) {
            return Optional.empty();
        }
        byte[] now = bytes(file);
        if (now.length == 0 || Arrays.equals(now, seen)) {
            return Optional.empty();
        }
        Config changed = Configuration.ofFile(file, over);
        seen = now;
        return Optional.of(changed);
    }

    /** None of a file that is just being replaced. */
    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            return new byte[0];
        }
    }
}
