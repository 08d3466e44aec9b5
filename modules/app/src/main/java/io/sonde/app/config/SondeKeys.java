package io.sonde.app.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/** The keys under {@code sonde} that have a default, and so a reader and a type. */
record SondeKeys(Map<String, ConfigValue> known) {
    private static final String PER_TENANT = "sonde.edge.rate";
    /** What lies beneath has names of the operator's choice, and a reader that tells of unknown keys itself. */
    private static final List<String> FREELY_NAMED = List.of("sonde", "notify", "channels");

    private static final Pattern DURATION = Pattern.compile("\\d+ ?(ms|s|m|h|d|millis|seconds?|minutes?|hours?|days?)");
    private static final Pattern SIZE = Pattern.compile("\\d+ ?([kKMGT]i?B|[kKMGT]i?|B)");

    static SondeKeys of(Config defaults) {
        return new SondeKeys(leaves(defaults));
    }

    /** One line per key of {@code set} that is unknown or of the wrong type in {@code whole}; in the order of their names. */
    List<String> mistakesIn(Config set, Config whole) {
        List<String> mistakes = new ArrayList<>();
        leaves(set).forEach((key, value) -> {
            if (isFreelyNamed(key)) {
                return;
            }
            ConfigValue fallback = known.get(withoutTenant(key));
            if (fallback == null) {
                mistakes.add(unknown(key, value));
            } else {
                wrongType(key, fallback, whole)
                        .map(want -> describe(key, value) + want)
                        .ifPresent(mistakes::add);
            }
        });
        return mistakes;
    }

    private static Map<String, ConfigValue> leaves(Config config) {
        Map<String, ConfigValue> leaves = new TreeMap<>();
        if (config.hasPath("sonde") && config.getValue("sonde").valueType() == ConfigValueType.OBJECT) {
            config.getConfig("sonde")
                    .entrySet()
                    .forEach(entry -> leaves.put("sonde." + entry.getKey(), entry.getValue()));
        }
        return leaves;
    }

    private static boolean isFreelyNamed(String key) {
        List<String> parts = ConfigUtil.splitPath(key);
        int depth = FREELY_NAMED.size();
        return parts.size() > depth && parts.subList(0, depth).equals(FREELY_NAMED);
    }

    /** What may be set for a tenant alone has its default where it is set for all: {@code a.tenants."t".b} at {@code a.b}. */
    private static String withoutTenant(String key) {
        List<String> parts = ConfigUtil.splitPath(key);
        int tenants = parts.indexOf("tenants");
        if (tenants < 0
                || tenants + 2 >= parts.size()
                || !ConfigUtil.joinPath(parts.subList(0, tenants)).equals(PER_TENANT)) {
            return key;
        }
        List<String> rest = new ArrayList<>(parts.subList(0, tenants));
        rest.addAll(parts.subList(tenants + 2, parts.size()));
        return ConfigUtil.joinPath(rest);
    }

    private String unknown(String key, ConfigValue value) {
        String name = String.join(".", ConfigUtil.splitPath(key));
        String nearest = known.keySet().stream()
                .min(Comparator.comparingInt(candidate -> distance(candidate, name)))
                .orElse("sonde.http.port");
        return describe(key, value) + "there is no such key; did you mean " + nearest + "?";
    }

    private static String describe(String key, ConfigValue value) {
        return key + " (" + value.origin().description() + "): ";
    }

    private static Optional<String> wrongType(String key, ConfigValue fallback, Config whole) {
        return switch (fallback.valueType()) {
            case NUMBER ->
                isWhole(fallback)
                        ? unlessReadable(whole, key, Config::getLong, "is to be a whole number")
                        : unlessReadable(whole, key, Config::getDouble, "is to be a number");
            case BOOLEAN -> unlessReadable(whole, key, Config::getBoolean, "is to be true or false");
            case LIST -> unlessReadable(whole, key, Config::getList, "is to be a list");
            case OBJECT -> unlessReadable(whole, key, Config::getObject, "is to be an object");
            case STRING -> wrongText(key, String.valueOf(fallback.unwrapped()), whole);
            case NULL -> Optional.empty();
        };
    }

    private static Optional<String> wrongText(String key, String fallback, Config whole) {
        if (DURATION.matcher(fallback).matches()) {
            return unlessReadable(whole, key, Config::getDuration, "is to be a duration such as " + fallback);
        }
        if (SIZE.matcher(fallback).matches()) {
            return unlessReadable(whole, key, Config::getBytes, "is to be a size such as " + fallback);
        }
        return unlessReadable(whole, key, Config::getString, "is to be text");
    }

    private static boolean isWhole(ConfigValue value) {
        return !(value.unwrapped() instanceof Double);
    }

    private static Optional<String> unlessReadable(
            Config whole, String key, BiConsumer<Config, String> read, String complaint) {
        try {
            read.accept(whole, key);
            return Optional.empty();
        } catch (ConfigException e) {
            return Optional.of(complaint + ", and is " + whole.getValue(key).unwrapped());
        }
    }

    /** Levenshtein's: how many letters to change, add or take away. */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int above = row[j];
                int swap = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(swap, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[to.length()];
    }
}
