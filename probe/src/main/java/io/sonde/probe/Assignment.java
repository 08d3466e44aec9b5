package io.sonde.probe;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a node tells a probe to measure: those keys of the probe's own file that may come from there, in JSON, with the
 * meaning and the limits that they have in that file. A key that is left out stays as the probe's own settings have it.
 *
 * <p>Node and probe read it with this class, so that a node keeps nothing that a probe of its age would not take.
 */
public final class Assignment {
    public static final int MOST_TARGETS = 1_000;
    public static final int MOST_BYTES = 512 * 1024;
    /** In the order in which {@link #json} has them. */
    public static final List<String> KEYS = List.of("targets", "interval", "throughput-interval", "stagger", "jitter");

    private static final String ORIGIN = "the node's configuration";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    /** Inet_aton's other ways to write an IPv4 address: fewer parts, octal, hexadecimal. */
    private static final Pattern NUMERIC_HOST = Pattern.compile("(?:.*\\.)?(?:\\d+|0x[0-9a-f]*)\\.?");

    private static final Pattern DECIMAL_ADDRESS =
            Pattern.compile("(?:(?:0|[1-9]\\d?|1\\d\\d|2[0-4]\\d|25[0-5])(?:\\.(?!$)|$)){4}");

    private final ObjectNode given;

    private Assignment(ObjectNode given) {
        this.given = given;
    }

    /** @throws WrongSettings naming each key that is wrong, a line each: {@code interval: it must be …} */
    public static Assignment parse(String json) throws WrongSettings {
        List<String> problems = new ArrayList<>();
        var assignment = new Assignment(known(object(json), problems));
        if (problems.isEmpty()) {
            Config defaults = ConfigFactory.defaultReference(Assignment.class.getClassLoader())
                    .getConfig(SettingsSources.ROOT);
            assignment.read(defaults, Reach.PRIVATE_TOO, problems);
        }
        if (!problems.isEmpty()) {
            throw new WrongSettings(problems);
        }
        return assignment;
    }

    /** The same text for the same assignment, whatever order and spaces it was given with. */
    public String json() {
        return given.toString();
    }

    /** Of a probe's settings what an assignment is laid over; no secret is among it. */
    static Config foundation(Config settings) {
        return Stream.concat(KEYS.stream(), Stream.of("breaker"))
                .map(settings::withOnlyPath)
                .reduce(ConfigFactory.empty(), Config::withFallback);
    }

    /** @param own what holds for keys that are left out */
    Plan over(Config own, Reach reach) throws WrongSettings {
        List<String> problems = new ArrayList<>();
        Plan plan = read(own, reach, problems);
        if (!problems.isEmpty()) {
            throw new WrongSettings(problems);
        }
        return plan;
    }

    private Plan read(Config own, Reach reach, List<String> problems) {
        Map<String, Object> values =
                JSON.convertValue(given, JSON.getTypeFactory().constructMapType(Map.class, String.class, Object.class));
        Config whole = ConfigValueFactory.fromMap(values, ORIGIN).toConfig().withFallback(own);
        Plan plan = Plan.read(new SettingsReader(whole, problems), reach);
        plan.targets().stream()
                .flatMap(target -> Stream.concat(Stream.of(target.url()), target.download().stream()))
                .flatMap(url -> wrongPlace(url).stream())
                .forEach(problems::add);
        return plan;
    }

    private static JsonNode object(String json) throws WrongSettings {
        try {
            JsonNode node = JSON.readTree(json);
            if (node.isObject()) {
                return node;
            }
        } catch (JsonProcessingException e) {
            throw new WrongSettings(List.of("body: it is not JSON: " + e.getOriginalMessage()));
        }
        throw new WrongSettings(List.of("body: it must be a JSON object with " + String.join(", ", KEYS)));
    }

    private static ObjectNode known(JsonNode node, List<String> problems) {
        node.fieldNames().forEachRemaining(name -> {
            if (!KEYS.contains(name)) {
                problems.add(name + ": unknown key; there are " + String.join(", ", KEYS));
            }
        });
        ObjectNode ordered = JSON.createObjectNode();
        KEYS.stream().filter(node::has).forEach(key -> ordered.set(key, node.get(key)));
        targets(node.path("targets")).ifPresent(problems::add);
        KEYS.stream()
                .filter(key -> !key.equals("targets")
                        && ordered.has(key)
                        && !ordered.get(key).isTextual())
                .forEach(key -> problems.add(key + ": it must be a text with its unit, like \"5s\""));
        return ordered;
    }

    private static Optional<String> targets(JsonNode targets) {
        boolean texts = targets.isArray();
        for (JsonNode target : targets) {
            texts &= target.isTextual();
        }
        return texts && !targets.isEmpty() && targets.size() <= MOST_TARGETS
                ? Optional.empty()
                : Optional.of("targets: it must be a list of 1 to " + MOST_TARGETS + " texts, a URL each");
    }

    /** Of an address that is written as such: a name's are looked at by the probe, each time. */
    private static Optional<String> wrongPlace(TargetUrl url) {
        boolean v6 = url.host().indexOf(':') >= 0;
        boolean v4 = DECIMAL_ADDRESS.matcher(url.host()).matches();
        if (!v6 && !v4) {
            return NUMERIC_HOST.matcher(url.host()).matches()
                    ? Optional.of("targets: '" + url.text() + "': an IPv4 address is written as four decimal numbers")
                    : Optional.empty();
        }
        try {
            return Reach.PRIVATE_TOO
                    .refusal(InetAddress.getByName(url.host()))
                    .map(why -> "targets: '" + url.text() + "': " + why);
        } catch (UnknownHostException e) {
            return Optional.of("targets: '" + url.text() + "': its host is no address");
        }
    }
}
