package io.sonde.app.settings;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.sonde.edge.Problem;
import io.sonde.edge.ProblemException;
import io.sonde.query.Parameters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** {@code {"thresholds": {"incident.opens": 2}}}: those that are to hold over the files; no others do. */
final class ThresholdOrder {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();
    /** Journals, which are wired once, and what is set for some targets alone. */
    private static final List<String> FIXED = List.of("journal", "snapshot", "targets");

    private static final int LONGEST = 40;

    private ThresholdOrder() {}

    /** @throws ProblemException 400, naming what is wrong */
    static List<SetThreshold> parse(String text, Config whole, Instant now, String by) {
        JsonNode thresholds = object(text).path("thresholds");
        if (!thresholds.isObject()) {
            throw Parameters.invalid("thresholds", "", "an object of keys and values, like {\"incident.opens\": 2}");
        }
        Set<String> known = keys(whole);
        List<SetThreshold> wanted = new ArrayList<>();
        for (Map.Entry<String, JsonNode> one : thresholds.properties()) {
            JsonNode value = one.getValue();
            if (!known.contains(one.getKey())) {
                throw Parameters.invalid(one.getKey(), value.asText(), "one of the keys " + String.join(", ", known));
            }
            if (!value.isValueNode() || value.isNull() || value.asText().length() > LONGEST) {
                throw Parameters.invalid(
                        one.getKey(), value.toString(), "a number, true, false, or a duration like 24h");
            }
            wanted.add(new SetThreshold(one.getKey(), value.asText(), now, by));
        }
        return wanted;
    }

    private static Set<String> keys(Config whole) {
        Set<String> keys = new TreeSet<>();
        whole.getConfig(SetThreshold.ROOT).entrySet().stream()
                .map(entry -> SetThreshold.ROOT + "." + entry.getKey())
                .filter(ThresholdOrder::isThreshold)
                .forEach(key -> keys.add(threshold(key)));
        return keys;
    }

    /** Whether a key of the whole configuration can be set so. */
    static boolean isThreshold(String key) {
        String threshold = threshold(key);
        return key.startsWith(SetThreshold.ROOT + ".")
                && FIXED.stream().noneMatch(fixed -> threshold.equals(fixed) || threshold.startsWith(fixed + "."));
    }

    static String threshold(String key) {
        return key.substring(Math.min(key.length(), SetThreshold.ROOT.length() + 1));
    }

    /** What reading settings with these complains of, as a problem that names the key. */
    static <T> T check(List<SetThreshold> wanted, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (IllegalArgumentException | ConfigException e) {
            String message = String.valueOf(e.getMessage());
            String key = wanted.stream()
                    .map(SetThreshold::key)
                    .filter(one -> message.contains(one.substring(one.lastIndexOf('.') + 1)))
                    .findFirst()
                    .orElse("thresholds");
            throw new ProblemException(new Problem(400, "invalid-parameter", "Invalid parameter", message)
                    .with(json -> json.writeStringField("parameter", key)));
        }
    }

    private static JsonNode object(String text) {
        try {
            JsonNode node = JSON.readTree(text);
            if (node.isObject() && node.size() == 1) {
                return node;
            }
        } catch (JsonProcessingException e) {
            throw malformed("The body is not JSON: " + e.getOriginalMessage() + ".");
        }
        throw malformed("The body is to be a JSON object with thresholds.");
    }

    private static ProblemException malformed(String detail) {
        return new ProblemException(new Problem(400, "malformed-request", "Malformed request", detail));
    }
}
