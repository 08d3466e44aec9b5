package io.sonde.app.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One setting as it holds on a node. No secret is in it.
 *
 * @param value as one would write it in the file
 * @param usual its default, null when it has none
 * @param source {@code default}, or where it was set
 */
record Effective(String key, String value, @Nullable String usual, boolean changed, String source) {
    private static final String ROOT = "sonde";
    /** Journals, which are wired once and are no operator's. */
    private static final List<String> WIRING = List.of("journal", "snapshot", "journal-limits");

    private static final String HIDDEN = "(secret)";
    private static final Pattern SECRET = Pattern.compile("(?i)password|secret|token|credential");
    /** Addresses of channels are secrets themselves, and routes name people. */
    private static final Pattern CHANNELS = Pattern.compile("sonde\\.notify\\..*");

    private static final Pattern USER_INFO = Pattern.compile("//[^/@\\s\"]*@");

    /** All under {@code sonde}, by their keys. */
    static List<Effective> all(Config whole, Config defaults) {
        TreeMap<String, ConfigValue> usual = leaves(defaults);
        List<Effective> all = new ArrayList<>();
        leaves(whole).forEach((key, value) -> all.add(of(key, value, usual.get(key))));
        return all;
    }

    private static Effective of(String key, ConfigValue value, @Nullable ConfigValue usual) {
        boolean changed = !value.equals(usual);
        return new Effective(
                key,
                shown(key, value),
                usual == null ? null : shown(key, usual),
                changed,
                changed ? value.origin().description() : "default");
    }

    /** A secret that is not set is none. */
    private static String shown(String key, ConfigValue value) {
        String last = key.substring(key.lastIndexOf('.') + 1);
        String text = text(value);
        boolean secret = SECRET.matcher(last).find() || CHANNELS.matcher(key).matches();
        return secret && !text.isEmpty() ? HIDDEN : USER_INFO.matcher(text).replaceAll("//…@");
    }

    static String text(ConfigValue value) {
        return value.valueType() == ConfigValueType.STRING
                ? String.valueOf(value.unwrapped())
                : value.render(ConfigRenderOptions.concise());
    }

    private static TreeMap<String, ConfigValue> leaves(Config config) {
        TreeMap<String, ConfigValue> leaves = new TreeMap<>();
        config.getConfig(ROOT).entrySet().stream()
                .filter(entry -> Collections.disjoint(ConfigUtil.splitPath(entry.getKey()), WIRING))
                .forEach(entry -> leaves.put(ROOT + "." + entry.getKey(), entry.getValue()));
        return leaves;
    }
}
