package io.sonde.app.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sonde.app.house.Deployment.Panel;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules, their unit tests and the PromQL of dashboards, as Prometheus's own promtool reads them. */
class AlertRulesIT {
    @Test
    void prometheusTakesTheConfigurationAndTheRules() throws Exception {
        promtool("check", "config", Deployment.PROMETHEUS.resolve("prometheus.yml"));
    }

    @Test
    void alertsFireWhenTheyShallAndNotOtherwise() throws Exception {
        promtool("test", "rules", Deployment.PROMETHEUS.resolve("rules_test.yml"));
    }

    @Test
    void eachAlertHasBeenSeenToFireAndNotTo() throws Exception {
        Set<String> fired = new TreeSet<>();
        Set<String> quiet = new TreeSet<>();
        Deployment.stream(Deployment.yaml(Deployment.PROMETHEUS.resolve("rules_test.yml"))
                        .path("tests"))
                .flatMap(test -> Deployment.stream(test.path("promql_expr_test")))
                .forEach(check -> (check.path("exp_samples").isEmpty() ? quiet : fired).add(alertOf(check)));

        List<String> alerts = Deployment.alerts().stream()
                .map(alert -> alert.path("alert").asText())
                .toList();
        assertThat(fired).containsExactlyInAnyOrderElementsOf(alerts);
        assertThat(quiet).containsExactlyInAnyOrderElementsOf(alerts);
    }

    private static String alertOf(JsonNode check) {
        return check.path("expr").asText().replaceFirst(".*alertname=\"(\\w+)\".*", "$1");
    }

    @Test
    void prometheusReadsEachExpressionOfTheDashboards(@TempDir Path folder) throws Exception {
        List<Map<String, String>> rules = new ArrayList<>();
        for (Panel panel : Deployment.panels()) {
            for (String expression : panel.expressions()) {
                rules.add(Map.of("record", "panel:" + rules.size(), "expr", filledIn(expression)));
            }
        }
        // JSON is YAML.
        Path file = Files.write(
                folder.resolve("rules.yml"),
                new ObjectMapper()
                        .writeValueAsBytes(Map.of("groups", List.of(Map.of("name", "dashboards", "rules", rules)))));

        assertThat(promtool("check", "rules", file)).contains(rules.size() + " rules found");
    }

    private static String filledIn(String expression) {
        return expression
                .replace("$__rate_interval", "1m")
                .replace("$__range", "3h")
                .replaceAll("\\$(job|instance)\\b", ".*");
    }

    /** Answers what it printed, when all was well. */
    private static String promtool(String what, String of, Path file) throws Exception {
        Process process = new ProcessBuilder(program(), what, of, file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }

    private static String program() {
        Stream<Path> path =
                Stream.of(System.getenv("PATH").split(File.pathSeparator, -1)).map(Path::of);
        Path fetched = Deployment.ROOT.resolve("target/tools/usr/bin");
        return Stream.concat(path, Stream.of(fetched))
                .map(folder -> folder.resolve("promtool"))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Path::toString)
                .orElseThrow(() -> new AssertionError(
                        "there is no promtool on the PATH: it is in Debian's package prometheus; .ci/run fetches it"));
    }
}
