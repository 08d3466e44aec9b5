package io.sonde.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sonde.app.node.ApiGuide.Example;
import io.sonde.testkit.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Types what {@code docs/api.md} says, and compares what comes back with what it shows. */
class ApiGuideIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ANY = "…";
    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:.*Z";

    private final PostgresServer.Database database = PostgresServer.shared().newDatabase();

    @TempDir
    private Path home = Path.of("set by JUnit");

    @Test
    void everyExampleGivesWhatTheGuideShows() throws Exception {
        Map<String, String> settings = Map.of(
                "sonde.bus",
                "direct",
                "sonde.diagnosis.incident.opens",
                "1",
                "sonde.problems.look-every",
                "200ms",
                "sonde.views.upkeep-interval",
                "1s");
        try (Node node = Node.start(TestNode.config(database, settings));
                Shell shell = new Shell(
                        home,
                        Map.of(
                                "SONDE",
                                "http://127.0.0.1:" + node.httpPort(),
                                "TOKEN",
                                TestNode.adminToken(database)))) {
            for (Example example : ApiGuide.read().examples()) {
                if (example.route().startsWith("GET ")) {
                    await(example.commands()).atMost(SOON).untilAsserted(() -> check(example, shell));
                } else {
                    check(example, shell);
                }
            }
        }
    }

    private static void check(Example example, Shell shell) throws IOException {
        String printed = shell.run(example.commands()).strip();
        int end = printed.lastIndexOf('\n');
        String real = printed.substring(0, Math.max(end, 0));

        assertThat(printed.substring(end + 1))
                .as("%s%n%s", example.commands(), real)
                .isEqualTo(Integer.toString(example.status()));
        if (example.body().startsWith("{")) {
            assertHolds(JSON.readTree(real), JSON.readTree(example.body()), example.commands());
        } else {
            assertThat(example.body().lines()).as(example.commands()).allSatisfy(line -> assertThat(real.lines())
                    .anyMatch(written -> written.startsWith(line.replace(ANY, ""))));
        }
    }

    /** What is shown is there, with the same value where it is not a time or left open; an array has at least what is shown. */
    private static void assertHolds(JsonNode real, JsonNode shown, String where) {
        assertThat(real.getNodeType())
                .as("%s: %s instead of %s", where, real, shown)
                .isEqualTo(shown.getNodeType());
        if (shown.isContainerNode()) {
            shown.fieldNames().forEachRemaining(name -> {
                assertThat(real.has(name)).as("%s: %s in %s", where, name, real).isTrue();
                assertHolds(real.get(name), shown.get(name), where + " " + name);
            });
            for (int i = 0; shown.isArray() && i < shown.size(); i++) {
                assertThat(real.size()).as("%s: %s", where, real).isGreaterThan(i);
                assertHolds(real.get(i), shown.get(i), where + " [" + i + "]");
            }
        } else if (shown.asText().matches(TIME)) {
            assertThat(real.asText()).as(where).matches(TIME);
        } else if (!shown.asText().equals(ANY)) {
            assertThat(real).as(where).isEqualTo(shown);
        }
    }
}
