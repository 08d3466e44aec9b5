package io.sonde.notify;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.sonde.core.Channel;
import io.sonde.core.Glob;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who is told of what, and how. Prints no secret.
 *
 * @param externalUrl where people find the page; empty when nobody said it
 * @param timeout after which a receiver that has not answered has not taken it
 * @param settings of each channel, by its name
 */
public record NotifySettings(
        String externalUrl, Duration timeout, Map<String, ChannelSettings> settings, Routes routes) {
    private static final String PATH = "sonde.notify";
    private static final Duration LONGEST = Duration.ofMinutes(5);

    public NotifySettings {
        settings = new TreeMap<>(settings);
        if (timeout.toMillis() < 1 || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    PATH + ".timeout is " + timeout.toMillis() + " ms, it must be more than 0 and at most 5 min");
        }
    }

    /**
     * Reads {@code sonde.notify}.
     *
     * @throws IllegalArgumentException with a line for each mistake
     */
    public static NotifySettings from(Config notify) {
        List<String> mistakes = new ArrayList<>();
        Map<String, ChannelSettings> channels = new TreeMap<>();
        notify.getObject("channels")
                .forEach((name, value) -> attempt(mistakes, () -> {
                    String path = PATH + ".channels." + name;
                    channels.put(name, ChannelReader.read(path, object(path, value)));
                }));
        List<Route> routes = new ArrayList<>();
        for (int i = 0; i < notify.getList("routes").size(); i++) {
            String path = PATH + ".routes[" + i + "]";
            ConfigValue value = notify.getList("routes").get(i);
            attempt(mistakes, () -> routes.add(route(path, object(path, value), notify.getObject("channels"))));
        }
        attempt(mistakes, () -> externalUrl(notify));
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", mistakes));
        }
        return new NotifySettings(externalUrl(notify), notify.getDuration("timeout"), channels, new Routes(routes));
    }

    /** The channels, ready to send, by their names; those over HTTP share one client. */
    public Map<String, Channel> open(Clock clock) {
        var means = new ChannelSettings.Means(new Links(externalUrl), new HttpSender(timeout), timeout, clock);
        Map<String, Channel> channels = new TreeMap<>();
        settings.forEach((name, one) -> channels.put(name, one.open(name, means)));
        return channels;
    }

    private static Route route(String path, Config config, ConfigObject channels) {
        Section section = new Section(path, config);
        List<String> keys = new ArrayList<>(Route.ASPECTS);
        keys.add("channels");
        section.allowOnly(keys);
        Map<String, Glob> patterns = new HashMap<>();
        Route.ASPECTS.forEach(aspect -> section.text(aspect).ifPresent(text -> patterns.put(aspect, new Glob(text))));
        List<String> told = section.texts("channels");
        told.stream().filter(name -> !channels.containsKey(name)).findFirst().ifPresent(name -> {
            throw section.mistake(
                    "channels",
                    "there is no channel " + name + "; there are "
                            + String.join(", ", new TreeMap<>(channels).keySet()));
        });
        return new Route(patterns, told);
    }

    private static String externalUrl(Config notify) {
        Section section = new Section(PATH, notify);
        section.text("external-url").ifPresent(text -> section.checked("external-url", text, Address::of));
        return section.text("external-url").orElse("");
    }

    private static Config object(String path, ConfigValue value) {
        if (value.valueType() != ConfigValueType.OBJECT) {
            throw new IllegalArgumentException(
                    path + " (" + value.origin().description() + "): is to be an object, { … }");
        }
        return ((ConfigObject) value).toConfig();
    }

    private static void attempt(List<String> mistakes, Runnable reading) {
        try {
            reading.run();
        } catch (IllegalArgumentException e) {
            mistakes.add(String.valueOf(e.getMessage()));
        }
    }
}
