package io.sonde.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map.Entry;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ApiGuideTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    @Test
    void everyRouteHasAnExample() throws IOException {
        ApiGuide guide = ApiGuide.read();

        assertThat(routes()).hasSizeGreaterThan(15).allSatisfy(route -> assertThat(guide.examples())
                .as("docs/api.md has an example of " + route)
                .anyMatch(example -> example.route().matches(route.replaceAll("\\{\\w+}", "[^/]+"))));
    }

    private static Set<String> routes() throws IOException {
        Set<String> routes = new TreeSet<>();
        try (InputStream openapi = Objects.requireNonNull(ApiGuideTest.class.getResourceAsStream("/openapi.json"))) {
            for (Entry<String, JsonNode> path :
                    JSON.readTree(openapi).path("paths").properties()) {
                for (Entry<String, JsonNode> method : path.getValue().properties()) {
                    if (METHODS.contains(method.getKey())) {
                        routes.add(method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey());
                    }
                }
            }
        }
        return routes;
    }
}
