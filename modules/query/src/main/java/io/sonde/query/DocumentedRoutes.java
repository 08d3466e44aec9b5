package io.sonde.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** What the node's description of itself, {@code openapi.json}, says is served. */
public final class DocumentedRoutes {
    private DocumentedRoutes() {}

    /** The methods of each path, in capitals; a part of a path in braces stands for any text. */
    public static Map<String, Set<String>> methods() {
        try (InputStream document = DocumentedRoutes.class.getResourceAsStream("/openapi.json")) {
            Map<String, Set<String>> methods = new HashMap<>();
            for (Map.Entry<String, JsonNode> path : JsonMapper.builder()
                    .build()
                    .readTree(Objects.requireNonNull(document))
                    .path("paths")
                    .properties()) {
                Set<String> of = new TreeSet<>();
                path.getValue().fieldNames().forEachRemaining(name -> of.add(name.toUpperCase(Locale.ROOT)));
                methods.put(path.getKey(), of);
            }
            return methods;
        } catch (IOException e) {
            throw new UncheckedIOException("openapi.json cannot be read", e);
        }
    }
}
