package io.sonde.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import io.sonde.app.problem.Problem;
import io.sonde.testkit.Expected;
import io.sonde.testkit.PostgresServer;
import io.sonde.testkit.Sent;
import io.sonde.testkit.SondeClient;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RebuildIT {
    private static final String EVERY_ROW =
            """
            SELECT tenant, kind, source, target, (to_jsonb(w) - 'series_id')::text
            FROM window_1m w JOIN series USING (series_id) ORDER BY 1, 2, 3, 4, window_start
            """;

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
        spoil();

        ReadSide.rebuild(config);

        assertThat(before).hasSizeGreaterThan(50);
        assertThat(everyRow()).isEqualTo(before);
    }

    private void spoil() throws Exception {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE window_1m SET success = success + 1");
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
