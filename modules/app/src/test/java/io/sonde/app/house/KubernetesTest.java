package io.sonde.app.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code deploy/kubernetes/sonde.yaml}, as far as that can be told without Kubernetes. */
class KubernetesTest {
    private static final Pattern READ = Pattern.compile("\\$\\{\\?(SONDE_\\w+)}");
    private static final List<String> READ_BY_THE_SCRIPT = List.of("SONDE_JAVA_OPTS", "SONDE_LOG_FORMAT");

    private final Map<String, JsonNode> objects = Deployment.documents(
                    Deployment.ROOT.resolve("deploy/kubernetes/sonde.yaml"))
            .collect(Collectors.toMap(
                    object -> object.path("kind").asText() + "/"
                            + object.at("/metadata/name").asText(),
                    object -> object));
    private final JsonNode nodes = objects.get("StatefulSet/sonde");
    private final JsonNode pod = nodes.at("/spec/template/spec");
    private final JsonNode node = pod.at("/containers/0");
    private final JsonNode settings = objects.get("ConfigMap/sonde").path("data");

    KubernetesTest() throws Exception {}

    @Test
    void whatNodesAreToldTheirConfigurationReads() throws Exception {
        List<String> read = Stream.concat(
                        READ_BY_THE_SCRIPT.stream(),
                        READ.matcher(conf("sonde.conf") + conf("node1.conf"))
                                .results()
                                .map(key -> key.group(1)))
                .toList();

        assertThat(settings.properties()).allSatisfy(told -> {
            assertThat(read).contains(told.getKey());
            assertThat(told.getValue().isTextual()).as(told.getKey()).isTrue();
        });
        assertThat(Deployment.stream(node.path("env"))
                        .map(told -> told.path("name").asText())
                        .filter(name -> name.startsWith("SONDE_")))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(read).contains(name));
    }

    @Test
    void whatIsAskedIsARouteAndItsPortOneOfTheNodes() throws Exception {
        Map<String, Integer> ports = Deployment.stream(node.path("ports"))
                .collect(Collectors.toMap(port -> port.path("name").asText(), port -> port.path("containerPort")
                        .asInt()));
        JsonNode routes = Deployment.yaml(Deployment.ROOT.resolve("modules/query/src/main/resources/openapi.json"))
                .path("paths");

        for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
            JsonNode asked = node.path(probe).path("httpGet");
            assertThat(routes.has(asked.path("path").asText())).as(probe).isTrue();
            assertThat(ports).containsKey(asked.path("port").asText());
        }
        assertThat(ports)
                .containsEntry("http", settings.path("SONDE_HTTP_PORT").asInt())
                .containsEntry("remote", settings.path("SONDE_REMOTE_PORT").asInt())
                .containsEntry(
                        "management", settings.path("SONDE_MANAGEMENT_PORT").asInt());
    }

    @Test
    void seedsAreNodes() {
        String domain = nodes.at("/spec/serviceName").asText();

        assertThat(objects.get("Service/" + domain)
                        .at("/spec/publishNotReadyAddresses")
                        .asBoolean())
                .isTrue();
        assertThat(settings.path("SONDE_SEED_FIRST").asText()).isEqualTo("sonde-0." + domain + ":25520");
        assertThat(settings.path("SONDE_SEED_SECOND").asText()).isEqualTo("sonde-1." + domain + ":25520");
        assertThat(node.path("env").findValuesAsText("value")).containsExactly("$(POD_NAME)." + domain);
    }

    @Test
    void everySelectorFindsTheNodes() {
        JsonNode labels = nodes.at("/spec/template/metadata/labels");

        assertThat(List.of(
                        objects.get("Service/sonde").at("/spec/selector"),
                        objects.get("Service/sonde-nodes").at("/spec/selector"),
                        objects.get("PodDisruptionBudget/sonde").at("/spec/selector/matchLabels"),
                        nodes.at("/spec/selector/matchLabels")))
                .containsOnly(labels);
    }

    @Test
    void commandsReadWhatTheImageHas() throws Exception {
        String image = Files.readString(Deployment.ROOT.resolve("deploy/Dockerfile"));
        Path conf = Deployment.ROOT.resolve("conf/node1.conf");

        for (JsonNode container :
                List.of(node, objects.get("Job/sonde-migrate").at("/spec/template/spec/containers/0"))) {
            assertThat(container.at("/args/2").asText()).isEqualTo("/opt/sonde/conf/" + conf.getFileName());
        }
        assertThat(conf).exists();
        assertThat(image).contains("COPY target/sonde /opt/sonde\n");
        assertThat(image)
                .contains("--uid " + pod.at("/securityContext/runAsUser").asText());
    }

    @Test
    void aNodeHasTheTimeItAllowsItself() {
        MatchResult drain = Pattern.compile("(\\d+)s")
                .matcher(settings.path("SONDE_HTTP_DRAIN_DELAY").asText())
                .results()
                .findFirst()
                .orElseThrow();

        assertThat(pod.path("terminationGracePeriodSeconds").asInt())
                .isGreaterThanOrEqualTo(60 + Integer.parseInt(drain.group(1)));
    }

    private static String conf(String name) throws Exception {
        return Files.readString(Deployment.ROOT.resolve("conf").resolve(name));
    }
}
