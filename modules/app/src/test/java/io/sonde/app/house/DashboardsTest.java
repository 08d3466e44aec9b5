package io.sonde.app.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sonde.app.house.Deployment.Dashboard;
import io.sonde.app.house.Deployment.Panel;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Grafana's dashboards: that they can be read, and that what they ask for exists. */
class DashboardsTest {
    private static final int COLUMNS = 24;
    private static final Pattern PERCENTILE = Pattern.compile("histogram_quantile|_p\\d\\d\\b|p\\d\\ds\\[");

    private static final Pattern DOCUMENTED =
            Pattern.compile("(?m)^\\| `([a-z][a-z0-9_]*)` \\| (\\w+) \\| ((?:`\\w+`(?:, )?)*)");
    private static final Pattern CLAUSE =
            Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right) *\\(([^)]*)\\)");
    private static final Pattern SELECTION = Pattern.compile("\\{([^}]*)}");
    private static final Pattern NAME = Pattern.compile("\\b[a-zA-Z_:][a-zA-Z0-9_:]*\\b(?! *\\()");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "on", "by", "offset", "bool", "e9");
    /** What Prometheus has by itself. */
    private static final Set<String> ITS_OWN = Set.of("up", "ALERTS");

    private static final Set<String> ITS_LABELS = Set.of("job", "instance", "le", "alertname", "alertstate");

    @Test
    void thereAreThoseThatR115AsksFor() throws Exception {
        assertThat(Deployment.dashboards())
                .extracting(Dashboard::file)
                .containsExactly(
                        "bus.json",
                        "client.json",
                        "database.json",
                        "diagnosis.json",
                        "entities.json",
                        "ingest.json",
                        "jvm.json",
                        "overview.json",
                        "target.json");
    }

    @Test
    void eachCanBeFoundAndLeadsToTheOthersWithTimesAndVariables() throws Exception {
        assertThat(Deployment.dashboards()).allSatisfy(dashboard -> {
            JsonNode model = dashboard.model();
            assertThat(model.path("uid").asText())
                    .isEqualTo("sonde-" + dashboard.file().replace(".json", ""));
            assertThat(model.path("schemaVersion").asInt()).isBetween(39, 42);
            assertThat(model.path("description").asText()).isNotBlank();
            assertThat(model.path("tags").get(0).asText()).isEqualTo("sonde");
            JsonNode link = model.path("links").get(0);
            assertThat(link.path("tags").get(0).asText()).isEqualTo("sonde");
            assertThat(link.path("includeVars").asBoolean()).isTrue();
            assertThat(link.path("keepTime").asBoolean()).isTrue();
        });
    }

    @Test
    void linksOfTablesLeadToDashboardsAndTheirVariables() throws Exception {
        Map<String, Set<String>> variables = Deployment.dashboards().stream()
                .collect(Collectors.toMap(
                        dashboard -> dashboard.model().path("uid").asText(), DashboardsTest::names));
        List<String> urls = new ArrayList<>();
        for (Panel panel : Deployment.panels()) {
            panel.model()
                    .path("fieldConfig")
                    .path("overrides")
                    .findValues("url")
                    .forEach(url -> urls.add(url.asText()));
        }

        assertThat(urls).hasSizeGreaterThan(5).allSatisfy(url -> {
            assertThat(url).contains("${__url_time_range}");
            String uid = url.replaceFirst("^/d/([\\w-]+)\\?.*", "$1");
            assertThat(variables).containsKey(uid);
            Pattern.compile("var-(\\w+)=").matcher(url).results().forEach(named -> assertThat(variables.get(uid))
                    .contains(named.group(1)));
        });
    }

    @Test
    void panelsLieBesideEachOtherAndNotOverEachOther() throws Exception {
        for (Dashboard dashboard : Deployment.dashboards()) {
            Set<String> taken = new HashSet<>();
            Set<Integer> ids = new HashSet<>();
            for (Panel panel : dashboard.panels()) {
                JsonNode at = panel.model().path("gridPos");
                int right = at.path("x").asInt() + at.path("w").asInt();
                int bottom = at.path("y").asInt() + at.path("h").asInt();
                assertThat(right).as(panel.toString()).isLessThanOrEqualTo(COLUMNS);
                assertThat(ids.add(panel.model().path("id").asInt()))
                        .as(panel.toString())
                        .isTrue();
                for (int x = at.path("x").asInt(); x < right; x++) {
                    for (int y = at.path("y").asInt(); y < bottom; y++) {
                        assertThat(taken.add(x + "," + y)).as(panel.toString()).isTrue();
                    }
                }
            }
        }
    }

    @Test
    void eachPanelSaysWhatItShowsInWhichUnitAndAsksItsSourceByAVariable() throws Exception {
        for (Dashboard dashboard : Deployment.dashboards()) {
            Set<String> names = names(dashboard);
            for (Panel panel : dashboard.panels()) {
                if (!panel.isRow()) {
                    JsonNode model = panel.model();
                    assertThat(model.path("description").asText())
                            .as(panel.toString())
                            .isNotBlank();
                    assertThat(model.at("/fieldConfig/defaults/unit").asText())
                            .as(panel.toString())
                            .isNotBlank();
                    String source = model.at("/datasource/uid").asText();
                    assertThat(names).as(panel.toString()).contains(source.replaceAll("[${}]", ""));
                    assertThat(panel.expressions().isEmpty() ? "postgres" : "prometheus")
                            .as(panel.toString())
                            .isEqualTo(source.replaceAll("[${}]", ""));
                }
            }
        }
    }

    @Test
    void besidePercentilesStandsOnHowManySamplesTheyRest() throws Exception {
        List<Panel> shown = Deployment.panels().stream()
                .filter(panel -> panel.model().path("type").asText().equals("timeseries"))
                .filter(panel -> PERCENTILE
                        .matcher(panel.model().path("targets").toString())
                        .find())
                .toList();

        assertThat(shown).hasSizeGreaterThan(10).allSatisfy(panel -> assertThat(
                        panel.model().path("targets").toString())
                .contains("samples"));
    }

    /** R4.5. */
    @Test
    void nothingAveragesPercentiles() throws Exception {
        assertThat(Deployment.panels()).allSatisfy(panel -> assertThat(
                        panel.model().path("targets").toString().toLowerCase(Locale.ROOT))
                .doesNotContainPattern("avg *\\(|avg_over_time"));
    }

    @Test
    void variablesThatAreUsedAreDeclaredAndTheOtherWayRound() throws Exception {
        assertThat(Deployment.dashboards()).allSatisfy(dashboard -> {
            Set<String> used = new TreeSet<>();
            String text =
                    dashboard.model().path("panels") + dashboard.variables().toString();
            Pattern.compile("\\$\\{?([a-z]+)\\b").matcher(text).results().forEach(name -> used.add(name.group(1)));

            assertThat(used).isEqualTo(names(dashboard));
        });
    }

    /** {@code MetricsIT} holds docs/metrics.md and a real scrape against each other. */
    @Test
    void metricsThatAreAskedForAreDocumentedWithTheirLabels() throws Exception {
        Map<String, Set<String>> known = known();
        List<String> expressions = new ArrayList<>();
        Deployment.rules().forEach(rule -> expressions.add(rule.path("expr").asText()));
        Deployment.panels().forEach(panel -> expressions.addAll(panel.expressions()));

        assertThat(expressions).hasSizeGreaterThan(100);
        for (String expression : expressions) {
            Set<String> metrics = metrics(expression);
            assertThat(known.keySet()).as(expression).containsAll(metrics);
            Set<String> labels = new TreeSet<>(ITS_LABELS);
            metrics.forEach(metric -> labels.addAll(known.getOrDefault(metric, Set.of())));
            if (metrics.stream().noneMatch(metric -> metric.contains(":")) && !expression.contains("label_replace")) {
                assertThat(labels).as(expression).containsAll(labels(expression));
            }
        }
    }

    private static Set<String> names(Dashboard dashboard) {
        return dashboard.variables().stream()
                .map(variable -> variable.path("name").asText())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** By name, the labels of each: of the nodes, of Prometheus and of the recording rules. */
    private static Map<String, Set<String>> known() throws IOException {
        Map<String, Set<String>> known = new TreeMap<>();
        DOCUMENTED
                .matcher(Files.readString(Deployment.ROOT.resolve("docs/metrics.md")))
                .results()
                .forEach(row -> {
                    Set<String> labels = Stream.of(row.group(3).split("[`, ]+"))
                            .filter(label -> !label.isEmpty())
                            .collect(Collectors.toSet());
                    known.put(row.group(1), labels);
                    if (Set.of("histogram", "summary").contains(row.group(2))) {
                        Stream.of("_bucket", "_count", "_sum").forEach(end -> known.put(row.group(1) + end, labels));
                    }
                });
        ITS_OWN.forEach(name -> known.put(name, Set.of()));
        Deployment.rules().stream()
                .filter(rule -> rule.has("record"))
                .forEach(rule -> known.put(rule.path("record").asText(), Set.of()));
        return known;
    }

    private static Set<String> metrics(String expression) {
        String rest =
                SELECTION.matcher(CLAUSE.matcher(expression).replaceAll(" ")).replaceAll(" ");
        rest = rest.replaceAll("\"[^\"]*\"", " ").replaceAll("\\[[^]]*]", " ").replaceAll("\\b\\d\\w*", " ");
        return NAME.matcher(rest)
                .results()
                .map(name -> name.group())
                .filter(name -> !WORDS.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> labels(String expression) {
        Set<String> labels = new TreeSet<>();
        CLAUSE.matcher(expression)
                .results()
                .flatMap(clause -> Stream.of(clause.group(1).split(",")))
                .map(String::strip)
                .filter(label -> !label.isEmpty())
                .forEach(labels::add);
        SELECTION.matcher(expression).results().forEach(selection -> Pattern.compile("(\\w+) *(?:=|!=|=~|!~) *\"")
                .matcher(selection.group(1))
                .results()
                .forEach(label -> labels.add(label.group(1))));
        return labels;
    }
}
