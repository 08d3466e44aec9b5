package io.sonde.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import io.sonde.app.storage.DatabaseAddress;
import io.sonde.app.storage.DebianPostgres;
import io.sonde.app.storage.Migrations;
import io.sonde.testkit.Expected;
import io.sonde.testkit.Jvm;
import io.sonde.testkit.PostgresServer;
import io.sonde.testkit.Sent;
import io.sonde.testkit.SondeClient;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** deploy/backup.sh while a node runs, deploy/restore.sh into another PostgreSQL cluster, and a node on that. */
class BackupIT {
    private static final Path DEPLOY = Path.of("..", "..", "deploy").toAbsolutePath();
    private static final List<String> READ_SIDE = List.of("window_1m", "incident", "series", "kept_from");
    private static final long AHEAD_MS = 4 * 60_000;

    @TempDir
    private Path folder = Path.of("set by JUnit");

    private final Random random = new Random(11);

    @Test
    void aRestoredDatabaseHasTheSameWindowsAndGoesOnCounting() throws Exception {
        long minute = System.currentTimeMillis() / 60_000 * 60_000;
        List<Sent> closed = Sent.random(random, 500, minute - 60_000, false);
        List<Sent> open = Sent.random(random, 200, minute + AHEAD_MS, false);
        List<Sent> later = Sent.random(random, 100, minute + AHEAD_MS, false);
        Path dump = folder.resolve("sonde.dump");
        List<String> before;
        String token;
        try (DebianPostgres first = DebianPostgres.start(folder.resolve("first"))) {
            PostgresServer.Database database = first.database();
            var unused = new Migrations(new DatabaseAddress(database.url(), database.user(), "")).migrate();
            token = TestNode.adminToken(database);
            oldAndTrimmed(database);
            SondeClient sonde = new SondeClient(database.dataSource(), token);
            try (Node node = Node.start(config(database))) {
                assertThat(sonde.post(closed, at(node), random)).containsEntry("accepted", 500);
                assertThat(sonde.post(open, at(node), random)).containsEntry("accepted", 200);
                await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(sonde.totals())
                        .containsAllEntriesOf(Expected.totals(Expected.rows(closed))));
                assertThat(script("backup.sh", database, dump.toString())).startsWith("0 backed up into");
                assertThat(script("backup.sh", database, dump.toString())).contains("is there already");
                before = rows(database);
            }
        }

        try (DebianPostgres second = DebianPostgres.start(folder.resolve("second"))) {
            PostgresServer.Database database = second.database();
            String restored = script("restore.sh", database, dump.toString(), conf(database));
            assertThat(restored).startsWith("0 ").contains("from ", "what is older is as it was", "no difference in");
            assertThat(script("restore.sh", database, dump.toString(), conf(database)))
                    .contains("is not empty");
            assertThat(rows(database)).isEqualTo(before);

            SondeClient sonde = new SondeClient(database.dataSource(), token);
            try (Node node = Node.start(config(database))) {
                assertThat(sonde.get(at(node).get(0), "/api/v1/incidents/old-1").body())
                        .contains("\"label\":\"dns-bound\"");
                assertThat(sonde.post(open, at(node), random)).containsEntry("duplicate", 200);
                assertThat(sonde.post(closed, at(node), random)).containsEntry("accepted", 0);
                assertThat(sonde.post(later, at(node), random)).containsEntry("accepted", 100);
            }
        }
    }

    /** What was there before the journal was trimmed: only a backup has it. */
    private static void oldAndTrimmed(PostgresServer.Database database) throws SQLException {
        execute(database, "INSERT INTO kept_from VALUES ('diagnosis', now() - INTERVAL '3 days')");
        execute(
                database,
                "INSERT INTO series (tenant, kind, source, target, target_hash, first_window, last_window) VALUES"
                        + " ('default', 'qoe', 'old', 'http://old/', '', date_trunc('minute', now() - INTERVAL '9 days'),"
                        + " date_trunc('minute', now() - INTERVAL '9 days'))");
        execute(database, "SELECT ensure_window_partition(now() - INTERVAL '9 days')");
        execute(
                database,
                "INSERT INTO window_1m (series_id, window_start, updated_at, revision, success, counts, p50s, p95s, summary)"
                        + " SELECT series_id, first_window, now(), 1, 1, '{1}', '{1}', '{1}', '' FROM series");
        execute(
                database,
                "INSERT INTO incident SELECT 'old-1', series_id, 'dns-bound', 'cleared', 2, first_window, first_window,"
                        + " last_window, last_window, first_window,"
                        + " '{\"label\": \"dns-bound\", \"grave\": true, \"severity\": 1, \"evidence\":"
                        + " [{\"of\": \"dns_p95\", \"unit\": \"ms\", \"observed\": 80.0, \"threshold\": 34.5, \"baseline\": null,"
                        + " \"same_hour\": null}]}', 'qoe-1',"
                        + " '[{\"window_start_ts\": \"2026-11-20T09:00:00Z\", \"label\": \"dns-bound\"}]', now()"
                        + " FROM series");
    }

    private static Config config(PostgresServer.Database database) {
        return TestNode.config(database, Map.of("sonde.bus", "direct"));
    }

    private static List<String> at(Node node) {
        return List.of("http://127.0.0.1:" + node.httpPort());
    }

    private String conf(PostgresServer.Database database) throws Exception {
        return Files.writeString(
                        folder.resolve("restore.conf"),
                        "sonde { bus = direct, database { url = \"" + database.url() + "\", user = " + database.user()
                                + " } }")
                .toString();
    }

    /** Its exit code and what it said. */
    private String script(String name, PostgresServer.Database database, String... arguments) throws Exception {
        Path sonde = folder.resolve("sonde");
        Files.writeString(
                sonde,
                "#!/bin/sh\nexec '" + Path.of(System.getProperty("java.home"), "bin", "java") + "' " + Jvm.compiler()
                        + " -cp \"$TEST_CLASSES\"" + " io.sonde.app.Main \"$@\"\n");
        assertThat(sonde.toFile().setExecutable(true)).isTrue();
        List<String> command =
                new ArrayList<>(List.of("sh", DEPLOY.resolve(name).toString()));
        command.addAll(List.of(arguments));
        Path said = folder.resolve("said");
        ProcessBuilder script =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
        script.environment().put("SONDE", sonde.toString());
        script.environment()
                .put(
                        "TEST_CLASSES",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        script.environment().put("SONDE_DATABASE_URL", database.url());
        script.environment().put("SONDE_DATABASE_USER", database.user());
        script.environment()
                .merge(
                        "PATH",
                        DebianPostgres.programs().toString(),
                        (path, programs) -> programs + File.pathSeparator + path);
        Process process = script.start();
        assertThat(process.waitFor(180, TimeUnit.SECONDS)).isTrue();
        return process.exitValue() + " " + Files.readString(said);
    }

    private static List<String> rows(PostgresServer.Database database) throws SQLException {
        List<String> all = new ArrayList<>();
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            for (String table : READ_SIDE) {
                try (ResultSet rows = statement.executeQuery("SELECT t::text FROM " + table + " t ORDER BY 1")) {
                    while (rows.next()) {
                        all.add(table + rows.getString(1));
                    }
                }
            }
        }
        return all;
    }

    private static void execute(PostgresServer.Database database, String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
