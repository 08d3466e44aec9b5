package io.sonde.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sonde.app.cli.Said;
import io.sonde.app.problem.ExitCode;
import io.sonde.testkit.PostgresServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpkeepIT {
    private static final String LOCK = "SELECT pg_advisory_lock(hashtextextended('sonde upkeep', 0))";

    @TempDir
    private Path folder = Path.of("set by JUnit");

    private final PostgresServer.Database database = PostgresServer.shared().newDatabase();

    @Test
    void aNodeDoesTheUpkeepAtItsStartAndTheCommandAtAnyTime() throws Exception {
        execute("SELECT ensure_window_partition('2020-05-01Z'), ensure_window_partition('2020-06-01Z')");
        Said looked = sonde("upkeep", "--dry-run");
        boolean stillThere = isThere("window_1m_2020_05");
        Said done;
        Said taken;

        try (Node node = Node.start(TestNode.config(database, Map.of("sonde.bus", "direct")))) {
            await().atMost(Duration.ofSeconds(30)).until(() -> !isThere("window_1m_2020_06"));
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(asked(node))
                    .contains("\"what\":\"old-minutes\",\"outcome\":\"done\"")
                    .contains("\"what\":\"old-upkeep-runs\",\"outcome\":\"done\""));
            execute("SELECT ensure_window_partition(now() + INTERVAL '60 months')");
            execute(
                    "INSERT INTO silence VALUES ('old', 'default', NULL, NULL, NULL, '2020-01-01', '2020-01-01', '', '')");
            done = sonde("upkeep");
            try (Connection other = database.dataSource().getConnection();
                    Statement statement = other.createStatement()) {
                statement.execute(LOCK);
                taken = sonde("upkeep");
            }
        }

        assertThat(looked.out()).contains("old-minutes: 2 partitions", "  window_1m_2020_05", "  window_1h_2020_06");
        assertThat(stillThere).isTrue();
        assertThat(done.out())
                .startsWith("old-silences: 0 partitions, 1 rows, ")
                .hasLineCount(1);
        assertThat(done.code()).isEqualTo(ExitCode.OK);
        assertThat(taken.code()).isEqualTo(ExitCode.IN_USE);
        assertThat(sonde("upkeep", "--dry-run").out()).isEqualToIgnoringNewLines("there is nothing to do");
    }

    @Test
    void aClockAYearAheadDeletesNothingUntilItIsRight() throws Exception {
        execute("SELECT ensure_window_partition('2020-05-01Z'), ensure_window_partition(now())");
        SetClock clock = new SetClock();
        clock.advance(Duration.ofDays(365));
        Map<String, String> direct = Map.of("sonde.bus", "direct", "sonde.upkeep.retry-after", "1 s");

        try (Node node = Node.start(TestNode.config(database, direct), clock)) {
            await().during(Duration.ofSeconds(4))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> isThere("window_1m_2020_05"));
            assertThat(asked(node)).contains("\"upkeep\":[]");
            clock.advance(Duration.ofDays(-365));
            await().atMost(Duration.ofSeconds(30)).until(() -> !isThere("window_1m_2020_05"));
        }
    }

    /** The database's clock is made to stand a year before this machine's. */
    @Test
    void theCommandDeletesNothingWhileTheClocksDiffer() throws Exception {
        execute("SELECT ensure_window_partition('2020-05-01Z')");
        execute("CREATE FUNCTION public.clock_timestamp() RETURNS TIMESTAMPTZ LANGUAGE sql AS"
                + " 'SELECT pg_catalog.clock_timestamp() - INTERVAL ''1 year'''");
        execute("DO $$BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog',"
                + " current_database()); END$$");

        Said refused = sonde("upkeep");
        Said looked = sonde("upkeep", "--dry-run");
        boolean stillThere = isThere("window_1m_2020_05");
        execute("DROP FUNCTION public.clock_timestamp()");
        Said done = sonde("upkeep");

        assertThat(refused.err())
                .startsWith("sonde: this machine's clock is 31")
                .contains(" s ahead of the database's; set it right");
        assertThat(refused.code()).isEqualTo(ExitCode.FAILED);
        assertThat(looked.code()).isEqualTo(ExitCode.FAILED);
        assertThat(stillThere).isTrue();
        assertThat(done.code()).as(done.err()).isEqualTo(ExitCode.OK);
        assertThat(isThere("window_1m_2020_05")).isFalse();
    }

    private String asked(Node node) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + node.httpPort() + "/api/v1/upkeep"))
                .header("Authorization", "Bearer " + TestNode.adminToken(database))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }

    private Said sonde(String... arguments) throws Exception {
        Path file = Files.writeString(
                folder.resolve("upkeep.conf"),
                "sonde.database { url = \"" + database.url() + "\", user = " + database.user() + " }");
        String[] all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--config";
        all[arguments.length + 1] = file.toString();
        return Said.of(all);
    }

    private boolean isThere(String table) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT to_regclass('" + table + "') IS NOT NULL")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
