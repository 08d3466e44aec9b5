package io.sonde.app.settings;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sonde.diagnosis.Trial;
import io.sonde.edge.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Settings and thresholds in JSON. */
final class SettingsJson {
    private SettingsJson() {}

    /** @param file what would hold without what was set through the API */
    static Json.Members all(List<Effective> effective, List<Effective> file, List<SetThreshold> set) {
        Map<String, String> inFile = file.stream().collect(Collectors.toMap(Effective::key, Effective::value));
        TreeSet<String> adjustable = file.stream()
                .map(Effective::key)
                .filter(ThresholdOrder::isThreshold)
                .collect(Collectors.toCollection(TreeSet::new));
        return json -> {
            json.writeArrayFieldStart("settings");
            for (Effective one : effective) {
                json.writeStartObject();
                json.writeStringField("key", one.key());
                json.writeStringField("value", one.value());
                json.writeStringField("default", one.usual());
                json.writeBooleanField("changed", one.changed());
                json.writeStringField("source", one.source());
                if (adjustable.contains(one.key())) {
                    json.writeStringField("threshold", ThresholdOrder.threshold(one.key()));
                    json.writeStringField("file", inFile.get(one.key()));
                }
                json.writeEndObject();
            }
            json.writeEndArray();
            thresholds(set, json);
        };
    }

    /** Those that were set through the API. */
    static void thresholds(List<SetThreshold> set, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("thresholds");
        for (SetThreshold one : set) {
            json.writeStartObject();
            json.writeStringField("key", one.key());
            json.writeStringField("value", one.value());
            json.writeStringField("changed_at", one.at().toString());
            json.writeStringField("changed_by", one.by());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    static void outcome(ThresholdPreview.Outcome outcome, JsonGenerator json) throws IOException {
        json.writeStringField("from", Instant.ofEpochMilli(outcome.fromMs()).toString());
        json.writeStringField("to", Instant.ofEpochMilli(outcome.toMs()).toString());
        json.writeNumberField("series_judged", outcome.series());
        json.writeNumberField("series_count", outcome.of());
        Trial before = outcome.before();
        Trial after = outcome.after();
        counts("windows", before.windows(), after.windows(), json);
        counts("incidents", before.incidents(), after.incidents(), json);
    }

    private static void counts(String name, Map<String, Long> before, Map<String, Long> after, JsonGenerator json)
            throws IOException {
        TreeSet<String> labels = new TreeSet<>(before.keySet());
        labels.addAll(after.keySet());
        json.writeArrayFieldStart(name);
        for (String label : labels) {
            json.writeStartObject();
            json.writeStringField("label", label);
            json.writeNumberField("before", before.getOrDefault(label, 0L));
            json.writeNumberField("after", after.getOrDefault(label, 0L));
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
