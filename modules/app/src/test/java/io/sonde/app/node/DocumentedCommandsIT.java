package io.sonde.app.node;

import static io.sonde.app.node.DocumentedNode.CLIENT;
import static io.sonde.app.node.DocumentedNode.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sonde.app.cli.Said;
import io.sonde.app.problem.ExitCode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Types what docs/runbook.md and docs/troubleshooting.md say to type, and looks for what they say comes of it. */
class DocumentedCommandsIT {
    /** Of the machine and what starts services on it: a test has neither. */
    private static final Set<String> OF_THE_MACHINE = Set.of(
            "journalctl -u sonde",
            "systemctl status sonde",
            "timedatectl status",
            "chronyc tracking",
            "docker compose ps",
            "docker compose logs node1",
            "docker compose --profile observability up");

    /** In the order in which they make sense, by what is typed. */
    private final Map<String, DocumentedNode.Step> steps = new LinkedHashMap<>();

    @TempDir
    private Path home = Path.of("set by JUnit");

    @Test
    void eachCommandDoesWhatItsDocumentSays() throws Exception {
        try (DocumentedNode node = new DocumentedNode(home);
                DocumentedFaults faults = new DocumentedFaults(node)) {
            helpAndLooks(node);
            measurements(node);
            faults.deadLetters(steps);
            database(node);
            faults.openTransaction(steps);
            readSide(node);
            people(node);
            tokensAndChannels(node);
            Set<String> documented = new LinkedHashSet<>(DocumentedCommands.of("runbook.md"));
            documented.addAll(DocumentedCommands.of("troubleshooting.md"));

            assertThat(documented).containsAll(OF_THE_MACHINE);
            documented.removeAll(OF_THE_MACHINE);
            assertThat(steps.keySet()).containsExactlyInAnyOrderElementsOf(documented);
            faults.tooMuch();
            node.post(node.event(CLIENT, System.currentTimeMillis() - 60_000));
            assertThat(untrue()).isEmpty();
        }
    }

    private Map<String, String> untrue() {
        Map<String, String> untrue = new LinkedHashMap<>();
        steps.forEach((command, step) -> {
            try {
                step.check(command);
            } catch (Exception | AssertionError e) {
                untrue.put(command, String.valueOf(e.getMessage()));
            }
        });
        return untrue;
    }

    private void helpAndLooks(DocumentedNode node) {
        steps.put("sonde --help", command -> assertListsExitCodes(node.sonde(command)));
        for (String variable : Set.of("NODE", "SONDE")) {
            steps.put("curl -s \"$" + variable + "/readyz\"", command -> assertThat(node.curl(command))
                    .contains("\"name\":\"bus\",\"ok\":true", "\"name\":\"journal\",\"ok\":true", "\"since\":")
                    .contains("\"name\":\"projections\"", "\"detail\":"));
        }
        steps.put("sonde doctor --config conf/sonde.conf", command -> {
            Said said = node.sonde(command);
            assertThat(said.code()).as(said.out()).isEqualTo(ExitCode.BROKEN);
            assertThat(said.out()).contains("a node answers there", "clock.postgres", "clock.nats", "nats.stream");
            assertThat(said.out().lines().filter(line -> line.startsWith("error")))
                    .as("PostgreSQL of a test does not sync")
                    .isNotEmpty()
                    .allMatch(line -> line.matches("error +postgres\\.(fsync|full_page_writes|synchronous_commit) .*"));
            assertThat(said.out().lines().filter(line -> line.contains(" repair: ")))
                    .hasSameSizeAs(said.out()
                            .lines()
                            .filter(line -> line.matches("(error|warning) .*"))
                            .toList());
        });
        steps.put(
                "sonde migrate --config conf/sonde.conf",
                command -> assertThat(node.sonde(command).out()).startsWith("the schema is up to date"));
        steps.put("psql -f deploy/postgres/reader.sql", command -> assertThat(
                        node.shell(command.replace("deploy/", "../../deploy/")))
                .contains("GRANT"));
        steps.put("curl http://NATS:8222/healthz", command -> assertThat(node.curl(command))
                .contains("\"ok\""));
        node.say("PID", Long.toString(ProcessHandle.current().pid()));
        steps.put("jcmd PID GC.class_histogram", command -> assertThat(node.shell(command))
                .contains("#instances"));
        steps.put("jcmd PID Thread.print", command -> assertThat(node.shell(command))
                .contains("Full thread dump"));
        steps.put("df -h", command -> assertThat(node.shell(command)).contains("Use%"));
        steps.put(
                "curl -s -X PUT \"$SONDE/api/v1/log-levels/io.sonde.edge\" -H \"Authorization: Bearer $TOKEN\""
                        + " -d '{\"level\":\"DEBUG\", \"for\":\"10m\"}'",
                command -> {
                    assertThat(node.curl(command)).contains("\"level\":\"DEBUG\",\"until\":\"20");
                    node.client.send("DELETE", node.url, "/api/v1/log-levels/io.sonde.edge", "");
                });
    }

    private static void assertListsExitCodes(Said help) {
        assertThat(help.code()).isEqualTo(ExitCode.OK);
        String told = help.out().replaceAll("\\s+", " ");
        for (ExitCode code : ExitCode.values()) {
            assertThat(told).contains(" " + code.code() + " " + code.meaning());
        }
    }

    private void measurements(DocumentedNode node) {
        steps.put("sonde-probe once URL", command -> assertThat(node.shell(command))
                .contains("status 200", "first byte"));
        steps.put(
                "curl -s -G \"$SONDE/api/v1/live\" -H \"Authorization: Bearer $TOKEN\" --data-urlencode client_id=CLIENT"
                        + " --data-urlencode target=URL",
                command -> {
                    assertThat(node.post(node.event(CLIENT, System.currentTimeMillis()))
                                    .statusCode())
                            .isEqualTo(202);
                    await().atMost(SOON).untilAsserted(() -> assertThat(node.curl(command))
                            .containsPattern("\"count_total\":[1-9]"));
                });
        for (String how : Set.of(
                "-s \"$SONDE/api/v1/counters\" -H \"Authorization: Bearer $TOKEN\"",
                "-H \"Authorization: Bearer $ADMIN\" \"$NODE/api/v1/counters\"")) {
            steps.put("curl " + how, command -> assertThat(node.curl(command)).containsPattern("\"received\":[1-9]"));
        }
    }

    private void database(DocumentedNode node) {
        steps.put("SELECT pg_is_in_recovery()", command -> assertThat(node.psql(command))
                .contains("\n f\n"));
        steps.put("SELECT * FROM pg_stat_activity WHERE wait_event_type = 'Lock'", command -> await().atMost(SOON)
                .untilAsserted(() -> assertThat(node.psql(command)).contains("wait_event", "(0 rows)")));
        steps.put("sonde upkeep --dry-run --config conf/sonde.conf", command -> {
            Said said = node.sonde(command);
            assertThat(said.code()).as(said.err()).isEqualTo(ExitCode.OK);
            assertThat(said.out()).contains("there is nothing to do");
        });
        steps.put("SELECT * FROM upkeep_run ORDER BY id DESC LIMIT 20", command -> await().atMost(SOON)
                .untilAsserted(() -> assertThat(node.psql(command)).contains("error", "old-minutes", "DONE")));
    }

    private void readSide(DocumentedNode node) {
        String token = " -H \"Authorization: Bearer $TOKEN\"";
        eventually(node, "windows?client_id=CLIENT", "\"client_id\":\"" + CLIENT + "\"", "\"count_error\":1");
        eventually(
                node, "windows?client_id=CLIENT&limit=10", "\"diagnosis_label\":", "\"verdicts\":", "\"count_total\":");
        eventually(node, "diagnoses?client_id=CLIENT", "\"verdicts\":[{", "\"observed\":");
        eventually(node, "problems?state=open", "\"ack\":null", "\"part_of\":null", "\"notifications\":[{");
        steps.put("curl -s \"$SONDE/api/v1/silences?state=active\"" + token, command -> assertThat(node.curl(command))
                .contains("\"silences\":[]"));
        steps.put("sonde verify --config conf/sonde.conf", command -> {
            Said said = node.sonde(command);
            assertThat(said.out()).startsWith("no difference in ");
            assertThat(said.code()).isEqualTo(ExitCode.OK);
        });
    }

    private void eventually(DocumentedNode node, String question, String... answer) {
        steps.put(
                "curl -s \"$SONDE/api/v1/" + question + "\" -H \"Authorization: Bearer $TOKEN\"",
                command -> await().atMost(SOON)
                        .untilAsserted(() -> assertThat(node.curl(command)).contains(answer)));
    }

    private void people(DocumentedNode node) {
        node.say("PERSON", "eva");
        node.say("ANOTHER", "eva");
        steps.put(
                "sonde user add ANOTHER --role admin --config conf/sonde.conf",
                command -> assertThat(node.sonde(command).out().strip()).matches("[2-9a-z]{20}"));
        steps.put(
                "sonde user passwd PERSON --config conf/sonde.conf",
                command -> assertThat(node.sonde(command).out().strip()).matches("[2-9a-z]{20}"));
        steps.put(
                "sonde user list --config conf/sonde.conf",
                command -> assertThat(node.sonde(command).out()).contains("STATE", "eva", "to choose a password"));
    }

    private void tokensAndChannels(DocumentedNode node) {
        steps.put(
                "sonde token create --scope ingest --client CLIENT --config conf/sonde.conf",
                command -> assertThat(node.sonde(command).out()).startsWith("sonde_ingest_"));
        steps.put(
                "sonde token list --config conf/sonde.conf",
                command -> assertThat(node.sonde(command).out()).contains("STATE", CLIENT, "good"));
        steps.put(
                "sonde notify test CHANNEL --config conf/sonde.conf",
                command -> assertThat(node.sonde(command).out()).contains("firing: 200", "resolved: 200"));
        steps.put("sonde rebuild --yes --config conf/sonde.conf", command -> {
            node.stopNode();
            assertThat(node.sonde(command).out()).startsWith("rebuilt: the read side is what the journal");
            assertThat(node.sonde("sonde verify --config conf/sonde.conf").code())
                    .isEqualTo(ExitCode.OK);
        });
    }
}
