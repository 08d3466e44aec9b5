package io.sonde.core;

import java.util.List;
import java.util.Map;

/**
 * A request body, read.
 *
 * @param events in the order they were sent
 * @param unknownFields how often each field occurred that this version does not know, at most 100 names
 * @param schemaVersions how many events of each version were read
 */
public record Readings(List<Reading> events, Map<String, Integer> unknownFields, Map<String, Integer> schemaVersions) {
    public Readings {
        events = List.copyOf(events);
        unknownFields = Map.copyOf(unknownFields);
        schemaVersions = Map.copyOf(schemaVersions);
    }
}
