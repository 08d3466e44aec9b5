package io.sonde.app.node;

import static io.sonde.app.node.DocumentedNode.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sonde.app.cli.Said;
import io.sonde.app.problem.ExitCode;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What must be wrong with a node before some commands of the documents have anything to say. */
final class DocumentedFaults implements AutoCloseable {
    private static final String POISON = "poison";

    private final DocumentedNode node;
    private final Connection holder;
    private final String holderPid;

    /** From now on somebody leaves a transaction open: nothing is copied until it ends. */
    DocumentedFaults(DocumentedNode node) throws SQLException {
        this.node = node;
        holder = node.database.dataSource().getConnection();
        holder.setAutoCommit(false);
        try (Statement statement = holder.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid(), pg_current_xact_id()")) {
            row.next();
            holderPid = row.getString(1);
        }
    }

    /** The journal refuses one source until that is put right. */
    void deadLetters(Map<String, DocumentedNode.Step> steps) {
        steps.put("sonde dlq list --config conf/sonde.conf", command -> {
            node.execute("CREATE FUNCTION refuse() RETURNS TRIGGER LANGUAGE plpgsql AS"
                    + " 'BEGIN RAISE EXCEPTION ''the disk under it is broken''; END'");
            node.execute("CREATE TRIGGER refuse BEFORE INSERT ON windows_event FOR EACH ROW"
                    + " WHEN (NEW.persistence_id LIKE '%" + POISON + "%') EXECUTE FUNCTION refuse()");
            assertThat(node.post(node.event(POISON, System.currentTimeMillis())).statusCode())
                    .isEqualTo(202);
            int[] others = {0};
            await().atMost(SOON).pollInterval(Duration.ofMillis(300)).untilAsserted(() -> {
                node.post(node.event("other-" + others[0]++, System.currentTimeMillis()));
                assertThat(node.sonde(command).out()).contains("failed", POISON);
            });
            node.say("ID", node.sonde(command).out().lines().toList().get(1).replaceFirst(" .*", ""));
        });
        steps.put("sonde dlq show --id ID --config conf/sonde.conf", command -> {
            Said said = node.sonde(command);
            assertThat(said.code()).isEqualTo(ExitCode.OK);
            assertThat(said.out())
                    .contains(": failed, ", "1 events of " + POISON)
                    .containsPattern("\\d attempts, ");
        });
        steps.put("sonde dlq replay --config conf/sonde.conf", command -> {
            node.execute("DROP TRIGGER refuse ON windows_event");
            Said said = node.sonde(command);
            assertThat(said.out()).contains("1 accepted, 0 duplicate, 0 late");
            assertThat(said.code()).isEqualTo(ExitCode.OK);
        });
        steps.put("sonde dlq discard --yes --config conf/sonde.conf", command -> {
            node.publish("?");
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(node.sonde(command).out()).contains("discarded "));
            assertThat(node.sonde("sonde dlq list --config conf/sonde.conf").err())
                    .contains("no dead letters like that");
        });
    }

    /** Looks at what the open transaction keeps back, and ends it. */
    void openTransaction(Map<String, DocumentedNode.Step> steps) {
        steps.put("SELECT pg_terminate_backend(PID)", command -> {
            Said behind = node.sonde("sonde verify --wait 0 --config conf/sonde.conf");
            assertThat(behind.code()).as(behind.out()).isEqualTo(ExitCode.BEHIND);
            assertThat(behind.out()).containsPattern("; [1-9]\\d* events are not copied yet");
            await().atMost(SOON).untilAsserted(() -> assertThat(node.get("/readyz"))
                    .contains("the open transaction of ", holderPid));
            node.say("PID", holderPid);
            assertThat(node.psql(command)).contains("\n t\n");
        });
    }

    /** The rows of docs/troubleshooting.md on 429, and on 503 by overload. */
    void tooMuch() throws Exception {
        String all = events("greedy");
        assertThat(node.post(all).statusCode()).isEqualTo(202);
        assertThat(node.post(all).statusCode()).isEqualTo(429);
        assertThat(node.get("/metrics")).contains("sonde_edge_rate_limited_total{tenant=\"default\"} 1");

        node.nats.pause();
        CompletableFuture<HttpResponse<String>> waiting = CompletableFuture.supplyAsync(this::unanswered);
        try {
            await().atMost(SOON).untilAsserted(() -> {
                HttpResponse<String> answer = node.post(node.event("late-comer", System.currentTimeMillis()));
                assertThat(answer.body()).contains("The node has as much in hand as it can take");
                assertThat(answer.statusCode()).isEqualTo(503);
            });
        } finally {
            node.nats.resume();
        }
        assertThat(waiting.join().statusCode()).isIn(202, 503);
        assertThat(node.get("/metrics")).containsPattern("sonde_edge_overload_total\\{of=\"batches\"} [1-9]");
    }

    private HttpResponse<String> unanswered() {
        try {
            return node.post(events("client-%d"));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** As many as a request may hold. */
    private String events(String source) {
        return IntStream.range(0, 20)
                .mapToObj(i -> node.event(source.formatted(i), System.currentTimeMillis()))
                .collect(Collectors.joining(",", "[", "]"));
    }

    @Override
    public void close() throws SQLException {
        holder.close();
    }
}
