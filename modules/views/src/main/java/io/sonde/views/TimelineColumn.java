package io.sonde.views;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The labels of an incident's series, in a {@code jsonb} column. */
final class TimelineColumn {
    private static final ObjectMapper JSON = new ObjectMapper();

    private TimelineColumn() {}

    static String text(List<IncidentRow.Change> timeline) {
        ArrayNode all = JSON.createArrayNode();
        for (IncidentRow.Change change : timeline) {
            all.addObject()
                    .put(
                            "window_start_ts",
                            Instant.ofEpochMilli(change.startMs()).toString())
                    .put("label", change.label());
        }
        return all.toString();
    }

    static List<IncidentRow.Change> read(String json) {
        List<IncidentRow.Change> timeline = new ArrayList<>();
        for (JsonNode change : parsed(json)) {
            timeline.add(new IncidentRow.Change(
                    Instant.parse(change.path("window_start_ts").asText()).toEpochMilli(),
                    change.path("label").asText()));
        }
        return timeline;
    }

    private static JsonNode parsed(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
