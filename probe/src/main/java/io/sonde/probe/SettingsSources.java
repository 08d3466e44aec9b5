package io.sonde.probe;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Where settings come from, strongest first: flags, environment, file, the defaults of {@code reference.conf}. */
final class SettingsSources {
    static final String ROOT = "sonde.probe";

    private static final String PREFIX = "SONDE_PROBE_";

    /** The launcher's. */
    private static final Set<String> FOREIGN = Set.of(PREFIX + "JAVA_OPTS");

    private SettingsSources() {}

    /**
     * @param flags by key under {@code sonde.probe}
     * @param problems is added to
     * @return what is under {@code sonde.probe}, every key of the defaults present
     */
    static Config merge(
            Map<String, ?> flags, Map<String, String> environment, @Nullable Path file, List<String> problems) {
        Config defaults = ConfigFactory.defaultReference(SettingsSources.class.getClassLoader())
                .getConfig(ROOT);
        Config inFile = file == null ? ConfigFactory.empty() : read(file, problems);
        Config merged = ConfigFactory.parseMap(flags, "the command line")
                .withFallback(fromEnvironment(environment, defaults, problems))
                .withFallback(inFile)
                .withFallback(defaults);
        unknown(merged, defaults, problems);
        return merged;
    }

    private static Config read(Path file, List<String> problems) {
        try {
            if (!Files.isReadable(file)) {
                problems.add("config: there is no readable file " + file);
                return ConfigFactory.empty();
            }
            Config whole = ConfigFactory.parseFile(
                            file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false))
                    .resolve();
            whole.root().keySet().stream()
                    .filter(key -> !key.equals("sonde"))
                    .forEach(key -> problems.add(key + ": unknown key in " + file + "; the probe's are under " + ROOT));
            return whole.hasPath(ROOT) ? whole.getConfig(ROOT) : ConfigFactory.empty();
        } catch (ConfigException e) {
            problems.add("config: " + file + " cannot be read: " + e.getMessage());
            return ConfigFactory.empty();
        }
    }

    private static Config fromEnvironment(Map<String, String> environment, Config defaults, List<String> problems) {
        Map<String, String> keys = new HashMap<>();
        defaults.entrySet().forEach(entry -> keys.put(variable(entry.getKey()), entry.getKey()));
        Config found = ConfigFactory.empty();
        for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
            String name = variable.getKey();
            String key = keys.get(name);
            if (key != null) {
                String origin = "environment variable " + name;
                found = found.withValue(
                        key,
                        key.equals("targets")
                                ? ConfigValueFactory.fromIterable(
                                        List.of(variable.getValue().strip().split("\\s+")), origin)
                                : ConfigValueFactory.fromAnyRef(variable.getValue(), origin));
            } else if (name.startsWith(PREFIX) && !FOREIGN.contains(name)) {
                problems.add(name + ": unknown environment variable; see reference.conf for the keys there are");
            }
        }
        return found;
    }

    private static void unknown(Config merged, Config defaults, List<String> problems) {
        merged.entrySet().stream()
                .filter(entry -> !defaults.hasPathOrNull(entry.getKey()))
                .map(entry -> entry.getKey() + ": unknown key from "
                        + entry.getValue().origin().description())
                .sorted()
                .forEach(problems::add);
    }

    private static String variable(String key) {
        return PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }
}
