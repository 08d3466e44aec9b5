package io.sonde.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sonde.app.storage.DatabaseAddress;
import io.sonde.app.storage.Migrations;
import io.sonde.testkit.PostgresServer;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class HealthIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final PostgresServer.Database database = PostgresServer.shared().newDatabase();

    @Test
    void aReadyNodeSaysOfEachThingItNeedsThatItIsThereAndOneThatStopsSaysSoBeforeItsPortCloses() throws Exception {
        Node node = Node.start(TestNode.config(database, Map.of("sonde.http.drain-delay", "3s")));
        String url = "http://127.0.0.1:" + node.httpPort();
        Instant before = Instant.now();
        HttpResponse<String> alive = get(url + "/healthz");
        await().atMost(SOON).until(() -> get(url + "/readyz").statusCode() == 200);
        JsonNode ready = new ObjectMapper().readTree(get(url + "/readyz").body());

        CompletableFuture<Void> closed = CompletableFuture.runAsync(node::close);
        await().pollInterval(Duration.ofMillis(50))
                .atMost(SOON)
                .until(() -> get(url + "/readyz").statusCode() == 503);
        HttpResponse<String> stopping = get(url + "/readyz");
        int stillServed = get(url + "/api/openapi.json").statusCode();
        await().atMost(SOON).until(() -> isRefused(url));
        closed.get(SOON.toSeconds(), TimeUnit.SECONDS);

        assertThat(alive.statusCode()).isEqualTo(200);
        assertThat(ready.path("status").asText()).isEqualTo("ready");
        assertThat(names(ready)).containsExactly("cluster", "clock", "bus", "journal", "schema", "projections");
        assertThat(ready.path("checks")).allSatisfy(check -> {
            assertThat(check.path("ok").asBoolean()).as(check.toString()).isTrue();
            assertThat(Instant.parse(check.path("at").asText())).isAfterOrEqualTo(before.minusSeconds(60));
            assertThat(Instant.parse(check.path("since").asText()))
                    .isBeforeOrEqualTo(Instant.parse(check.path("at").asText()));
            assertThat(check.path("ms").isIntegralNumber()).isTrue();
        });
        assertThat(stopping.body()).contains("\"status\":\"stopping\"");
        assertThat(stillServed).isEqualTo(200);
    }

    @Test
    void aReadOnlyDatabaseOrOneWithoutItsTablesIsNoJournal() throws Exception {
        JournalHealthStore journal = new JournalHealthStore(database.dataSource());
        HealthCheck.Finding writable = journal.find();

        execute("ALTER DATABASE %s SET default_transaction_read_only = on");
        HealthCheck.Finding readOnly = journal.find();
        HealthCheck.Finding empty = new JournalHealthStore(
                        PostgresServer.shared().newEmptyDatabase().dataSource())
                .find();

        assertThat(writable.ok()).isTrue();
        assertThat(readOnly).isEqualTo(new HealthCheck.Finding(false, "the database is read-only"));
        assertThat(empty.ok()).isFalse();
        assertThat(empty.detail()).contains("missing");
    }

    @Test
    void aSchemaThatLacksAMigrationIsNotReadyAndANewerOneIsAnUpgradeUnderWay() throws Exception {
        Migrations current = migrations(database);
        Migrations older = migrations(PostgresServer.shared().newEmptyDatabase());
        Migrations.Standing standing = current.standing();

        execute(
                "INSERT INTO flyway_schema_history SELECT installed_rank + 1000, '9999', 'later', type, script, 1,"
                        + " installed_by, installed_on, 1, TRUE FROM flyway_schema_history ORDER BY installed_rank DESC LIMIT 1");

        assertThat(standing).isEqualTo(new Migrations.Standing(0, java.util.Optional.empty()));
        assertThat(NodeChecks.schema(older).ok()).isFalse();
        assertThat(NodeChecks.schema(older).detail()).contains("run sonde migrate");
        assertThat(NodeChecks.schema(current).ok()).isTrue();
        assertThat(NodeChecks.schema(current).detail()).contains("9999", "upgrade");
    }

    @Test
    void anybodyIsToldThatTheDatabaseIsAwayAndNotWhereItIs() {
        Migrations away = new Migrations(new DatabaseAddress("jdbc:postgresql://127.0.0.1:1/mine", "me", ""));

        assertThat(NodeChecks.schema(away)).isEqualTo(new HealthCheck.Finding(false, "the database does not answer"));
    }

    private static Migrations migrations(PostgresServer.Database of) {
        return new Migrations(new DatabaseAddress(of.url(), of.user(), ""));
    }

    private static List<String> names(JsonNode ready) {
        return StreamSupport.stream(ready.path("checks").spliterator(), false)
                .map(check -> check.path("name").asText())
                .toList();
    }

    /** Each on a connection of its own, as a load balancer's are. */
    private static HttpResponse<String> get(String url) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static boolean isRefused(String url) throws Exception {
        try {
            get(url + "/readyz");
            return false;
        } catch (ConnectException refused) {
            return true;
        }
    }

    private void execute(String sql) throws Exception {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql.replace("%s", connection.getCatalog()));
        }
    }
}
