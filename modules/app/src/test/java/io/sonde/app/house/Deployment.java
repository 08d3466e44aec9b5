package io.sonde.app.house;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What lies in {@code deploy/} and {@code docker-compose.yml}, as trees. */
final class Deployment {
    static final Path ROOT = Path.of("..", "..");
    static final Path PROMETHEUS = ROOT.resolve("deploy/prometheus");
    private static final ObjectMapper JSON = new ObjectMapper();

    private Deployment() {}

    /** @param model what Grafana reads */
    record Dashboard(String file, JsonNode model) {
        /** Rows included. */
        List<Panel> panels() {
            return stream(model.path("panels"))
                    .map(panel -> new Panel(file, panel))
                    .toList();
        }

        List<JsonNode> variables() {
            return stream(model.path("templating").path("list")).toList();
        }

        @Override
        public String toString() {
            return file;
        }
    }

    record Panel(String file, JsonNode model) {
        String title() {
            return model.path("title").asText();
        }

        boolean isRow() {
            return model.path("type").asText().equals("row");
        }

        /** PromQL. */
        List<String> expressions() {
            return model.path("targets").findValuesAsText("expr");
        }

        List<String> sql() {
            return model.path("targets").findValuesAsText("rawSql");
        }

        @Override
        public String toString() {
            return file + ": " + title();
        }
    }

    static List<Dashboard> dashboards() throws IOException {
        List<Dashboard> dashboards = new ArrayList<>();
        try (Stream<Path> files = Files.list(ROOT.resolve("deploy/grafana/dashboards"))) {
            for (Path file : files.sorted().toList()) {
                dashboards.add(new Dashboard(file.getFileName().toString(), JSON.readTree(file.toFile())));
            }
        }
        return dashboards;
    }

    static List<Panel> panels() throws IOException {
        return dashboards().stream()
                .flatMap(dashboard -> dashboard.panels().stream())
                .filter(panel -> !panel.isRow())
                .toList();
    }

    /** All of {@code rules.yml}: those with {@code record} and those with {@code alert}. */
    static List<JsonNode> rules() throws IOException {
        return stream(yaml(PROMETHEUS.resolve("rules.yml")).path("groups"))
                .flatMap(group -> stream(group.path("rules")))
                .toList();
    }

    static List<JsonNode> alerts() throws IOException {
        return rules().stream().filter(rule -> rule.has("alert")).toList();
    }

    /** With aliases and merge keys resolved. */
    static JsonNode yaml(Path file) throws IOException {
        try (Reader reader = Files.newBufferedReader(file)) {
            Object tree = new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
            return JSON.valueToTree(tree);
        }
    }

    /** Of a file that holds several, one after the other. */
    static Stream<JsonNode> documents(Path file) throws IOException {
        Iterable<Object> trees = new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(Files.readString(file));
        return StreamSupport.stream(trees.spliterator(), false).map(tree -> JSON.<JsonNode>valueToTree(tree));
    }

    static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
