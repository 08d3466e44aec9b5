package io.sonde.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import io.sonde.app.cli.Said;
import io.sonde.app.problem.ExitCode;
import io.sonde.app.problem.Problem;
import io.sonde.testkit.Expected;
import io.sonde.testkit.PostgresServer;
import io.sonde.testkit.Sent;
import io.sonde.testkit.SondeClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RebuildIT {
    private static final String EVERY_ROW =
            """
            SELECT tenant, kind, source, target, (to_jsonb(w) - 'series_id')::text
            FROM window_1m w JOIN series USING (series_id) ORDER BY 1, 2, 3, 4, window_start
            """;

    @TempDir
    private Path folder = Path.of("set by JUnit");

    private final PostgresServer.Database database = PostgresServer.shared().newDatabase();
    private final SondeClient sonde = new SondeClient(database.dataSource(), TestNode.adminToken(database));

    @Test
    void p22TheJournalReplayedIsTheSameReadSideRowForRow() throws Exception {
        Config config = TestNode.config(database, Map.of("sonde.bus", "direct"));
        Random random = new Random(22);
        List<Sent> events = Sent.random(random, 1_000, System.currentTimeMillis() / 60_000 * 60_000 - 60_000, false);
        try (Node node = Node.start(config)) {
            sonde.post(events, List.of("http://127.0.0.1:" + node.httpPort()), random);
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(sonde.totals()).isEqualTo(Expected.totals(Expected.rows(events))));
            assertThatThrownBy(() -> ReadSide.rebuild(config))
                    .isInstanceOf(Problem.class)
                    .hasMessage("a node runs on this database; stop all nodes, then rebuild");
        }
        List<String> before = everyRow();
        Said same = verify();
        execute("UPDATE window_1m SET success = success + 1");
        Said spoilt = verify("--json", "--limit", "1");
        // As after a restore of a dump into a cluster that has had fewer transactions.
        execute("UPDATE diagnosis_event SET xid = (xid::text::bigint + 1000000000)::text::xid8");
        assertThatThrownBy(() -> Node.start(config))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("restored from another PostgreSQL cluster")
                .hasMessageContaining("sonde rebuild --yes");

        ReadSide.rebuild(config);

        assertThat(before).hasSizeGreaterThan(50);
        assertThat(same.code()).as(same.out()).isEqualTo(ExitCode.OK);
        assertThat(same.out()).startsWith("no difference in " + before.size() + " windows");
        assertThat(spoilt.code()).isEqualTo(ExitCode.DIFFERENT);
        assertThat(spoilt.out()).contains("\"differences\":{\"different-row\":" + before.size() + "}");
        assertThat(everyRow()).isEqualTo(before);
        assertThat(verify().code()).isEqualTo(ExitCode.OK);
        Node.start(config).close();
    }

    private Said verify(String... arguments) throws Exception {
        Path file = Files.writeString(
                folder.resolve("verify.conf"),
                "sonde.database { url = \"" + database.url() + "\", user = " + database.user() + " }");
        List<String> all = new ArrayList<>(List.of("verify", "--config", file.toString()));
        all.addAll(List.of(arguments));
        return Said.of(all.toArray(String[]::new));
    }

    private void execute(String sql) throws Exception {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> everyRow() throws Exception {
        List<String> all = new ArrayList<>();
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(EVERY_ROW)) {
            while (rows.next()) {
                all.add(rows.getString(1)
                        + rows.getString(2)
                        + rows.getString(3)
                        + rows.getString(4)
                        + rows.getString(5));
            }
        }
        return all;
    }
}
