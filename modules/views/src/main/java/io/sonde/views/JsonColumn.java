package io.sonde.views;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;

/** Maps in {@code jsonb} columns. */
final class JsonColumn {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, Long>> COUNTS = new TypeReference<>() {};
    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

    private JsonColumn() {}

    static String ofCounts(Map<String, Long> counts) {
        return write(storable(counts));
    }

    /** As they are after they were stored. */
    static Map<String, Long> storable(Map<String, Long> counts) {
        Map<String, Long> storable = new TreeMap<>();
        counts.forEach((key, count) -> storable.merge(StoredText.of(key), count, Long::sum));
        return storable;
    }

    static String ofTexts(Map<String, String> texts) {
        Map<String, String> storable = new TreeMap<>();
        texts.forEach((key, text) -> storable.put(StoredText.of(key), StoredText.of(text)));
        return write(storable);
    }

    static Map<String, Long> counts(String json) {
        return read(json, COUNTS);
    }

    static Map<String, String> texts(String json) {
        return read(json, TEXTS);
    }

    private static String write(Map<String, ?> map) {
        try {
            return JSON.writeValueAsString(map);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T read(String json, TypeReference<T> type) {
        try {
            return JSON.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
