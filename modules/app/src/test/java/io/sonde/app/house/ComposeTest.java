package io.sonde.app.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docker-compose.yml and what it hands to others, as far as that can be told without Docker. */
class ComposeTest {
    private static final Pattern ADDRESS = Pattern.compile("\\b([a-z][a-z0-9]+):(\\d{4,5})\\b");
    private static final Pattern VERSION = Pattern.compile("[^:]+:v?\\d+\\.\\d+(\\.\\d+)?(-alpine)?");
    private static final Pattern KEY = Pattern.compile("\\$\\{\\?(SONDE_\\w+)}");

    @Test
    void imagesOfOthersAreOfOneVersion() throws Exception {
        assertThat(services().values().stream()
                        .map(service -> service.path("image").asText())
                        .filter(image -> !image.equals("sonde")))
                .isNotEmpty()
                .allSatisfy(image -> assertThat(image).matches(VERSION));
    }

    @Test
    void whatIsMountedIsThere() throws Exception {
        JsonNode compose = compose();
        for (Map.Entry<String, JsonNode> service : services().entrySet()) {
            assertThat(Deployment.stream(service.getValue().path("volumes")).map(JsonNode::asText))
                    .as(service.getKey())
                    .allSatisfy(mount -> {
                        String what = mount.substring(0, mount.indexOf(':'));
                        assertThat(
                                        what.startsWith("./")
                                                ? Files.exists(Deployment.ROOT.resolve(what))
                                                : compose.path("volumes").has(what))
                                .as(mount)
                                .isTrue();
                    });
        }
    }

    @Test
    void whatCommandsReadIsMounted() throws Exception {
        for (JsonNode service : services().values()) {
            List<String> mounted = Deployment.stream(service.path("volumes"))
                    .map(mount -> mount.asText().split(":", -1)[1])
                    .toList();
            for (JsonNode word : service.path("command")) {
                Matcher file = Pattern.compile("(/etc/[^\\s=]+\\.(yml|conf))").matcher(word.asText());
                while (file.find()) {
                    String read = file.group();
                    assertThat(mounted).as(read).anyMatch(read::startsWith);
                }
            }
        }
    }

    @Test
    void whatIsWaitedForIsStarted() throws Exception {
        Map<String, JsonNode> services = services();
        services.forEach((name, service) -> service.path("depends_on")
                .fieldNames()
                .forEachRemaining(other -> assertThat(services).as(name).containsKey(other)));
    }

    @Test
    void whatNodesAreToldTheirConfigurationReads() throws Exception {
        List<String> read = new ArrayList<>();
        for (String file : List.of("conf/sonde.conf", "conf/node1.conf")) {
            KEY.matcher(Files.readString(Deployment.ROOT.resolve(file)))
                    .results()
                    .forEach(key -> read.add(key.group(1)));
        }

        services().get("node1").path("environment").fieldNames().forEachRemaining(told -> assertThat(read)
                .contains(told));
    }

    @Test
    void nodesAndTargetAreAskedWhereTheyAnswer() throws Exception {
        Map<String, JsonNode> services = services();
        for (String node : List.of("node1", "node2")) {
            String port = services.get(node).at("/environment/SONDE_HTTP_PORT").asText();
            assertThat(asked(services.get(node))).isEqualTo("http://127.0.0.1:" + port + "/readyz");
        }
        assertThat(asked(services.get("target"))).isEqualTo("http://127.0.0.1:8080/health");
    }

    @Test
    void whoIsNamedInAFileIsAServiceAndItsPortOneOfIts() throws Exception {
        Map<String, List<Integer>> ports = Map.of(
                "node1", List.of(8081, 25520),
                "node2", List.of(8081, 25520),
                "postgres", List.of(5432),
                "nats", List.of(4222, 8222),
                "target", List.of(8080),
                "prometheus", List.of(9090),
                "alertmanager", List.of(9093),
                "collector", List.of(4318),
                "jaeger", List.of(4317, 16686));
        assertThat(services()).containsKeys(ports.keySet().toArray(String[]::new));
        try (Stream<Path> files = Files.walk(Deployment.ROOT.resolve("deploy"))) {
            List<Path> named = Stream.concat(
                            files.filter(file -> file.toString().endsWith(".yml")
                                    && !file.toString().contains("rules")),
                            Stream.of(Deployment.ROOT.resolve("docker-compose.yml")))
                    .toList();
            for (Path file : named) {
                ADDRESS.matcher(Files.readString(file)).results().forEach(address -> assertThat(
                                ports.getOrDefault(address.group(1), List.of()))
                        .as(file + ": " + address.group())
                        .contains(Integer.parseInt(address.group(2))));
            }
        }
    }

    @Test
    void allYamlOfTheDeploymentIsReadable() throws Exception {
        try (Stream<Path> files = Files.walk(Deployment.ROOT.resolve("deploy"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".yml")).toList()) {
                assertThat(Deployment.yaml(file).isObject()).as(file.toString()).isTrue();
            }
        }
    }

    @Test
    void dashboardsAreWhereGrafanaLooksForThem() throws Exception {
        String path = Deployment.yaml(Deployment.ROOT.resolve("deploy/grafana/provisioning/dashboards/sonde.yml"))
                .at("/providers/0/options/path")
                .asText();

        assertThat(Deployment.stream(services().get("grafana").path("volumes")).map(JsonNode::asText))
                .contains("./deploy/grafana/dashboards:" + path + ":ro");
    }

    /** The last word of what Docker runs to see whether a service is well. */
    private static String asked(JsonNode service) {
        return Deployment.stream(service.at("/healthcheck/test"))
                .reduce((earlier, later) -> later)
                .orElseThrow()
                .asText();
    }

    private static Map<String, JsonNode> services() throws Exception {
        Map<String, JsonNode> services = new TreeMap<>();
        Iterator<Map.Entry<String, JsonNode>> all =
                compose().path("services").properties().iterator();
        all.forEachRemaining(service -> services.put(service.getKey(), service.getValue()));
        return services;
    }

    private static JsonNode compose() throws Exception {
        return Deployment.yaml(Deployment.ROOT.resolve("docker-compose.yml"));
    }
}
