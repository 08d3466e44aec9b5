package io.sonde.app.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.sonde.app.house.Deployment.Dashboard;
import io.sonde.app.house.Deployment.Panel;
import io.sonde.testkit.PostgresServer;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What dashboards ask PostgreSQL, asked as the user whom deploy/postgres/reader.sql makes, of a schema with rows in it. */
class DashboardsIT {
    private static final PostgresServer.Database DATABASE =
            PostgresServer.shared().newDatabase();

    /** Two clients and two targets for half an hour, one of them silent since, with an incident and its problem. */
    private static final String ROWS =
            """
            INSERT INTO series (tenant, kind, source, target, target_hash, first_window, last_window)
            SELECT 'default', 'qoe', client, target, sha256(convert_to(target, 'UTF8')), now() - interval '2 hours', last
            FROM (VALUES ('berlin-1', now() - interval '2 minutes'), ('o''hara', now() - interval '40 minutes'))
                     AS clients (client, last),
                 (VALUES ('https://a.example/?x=''1'''), ('https://b.example/')) AS targets (target);
            INSERT INTO window_1m (series_id, window_start, updated_at, revision, success, errors, counts, p50s, p95s,
                                   summary, label, score, rules, verdicts)
            SELECT series_id, start, start + interval '65 seconds', 12, 10, '{0,2,0,0,0}', '{10,10,10,10,2,10}',
                   '{1,2,3,4,5000,10}', '{2,3,4,5,6000,14}', '', 'server-bound', 40, 'qoe-1',
                   '[{"label": "server-bound", "grave": true, "severity": 3.5, "evidence": []}]'
            FROM series, generate_series(date_trunc('minute', now() - interval '50 minutes'),
                                         now() - interval '20 minutes', interval '1 minute') start;
            INSERT INTO window_1h (series_id, window_start, updated_at, revision, success, counts, p50s, p95s, summary)
            SELECT series_id, date_trunc('hour', now() - interval '2 hours'), now(), 12, 12, '{10,10,10,10,2,10}',
                   '{1,2,3,4,5000,10}', '{2,3,4,5,6000,14}', '' FROM series;
            INSERT INTO incident (id, series_id, label, state, version, onset, opened, last_seen, ended, peak,
                                  peak_verdict, rules, timeline, updated_at)
            SELECT 'incident-' || series_id, series_id, 'server-bound', 'open', 1, now() - interval '50 minutes',
                   now() - interval '47 minutes', now() - interval '20 minutes', NULL, now() - interval '30 minutes',
                   '{"label": "server-bound", "grave": true, "severity": 3.53, "evidence": [{"of": "ttfb_p95", "unit": "ms",
                     "observed": 451.1, "threshold": 30.4, "baseline": {"mean": 11.1, "deviation": 9.7, "windows": 6},
                     "same_hour": null}]}', 'qoe-1', '[]', now() FROM series;
            INSERT INTO problem (id, version, tenant, kind, scope, label, source, target, started_at, members)
            SELECT 'problem-1', 1, 'default', 'qoe', 'TARGET', 'server-bound', NULL, target, now() - interval '50 minutes',
                   '["incident-1"]' FROM series LIMIT 1;
            INSERT INTO delivery (key, version, problem_id, channel, resolved, state, attempts, next_at, error)
            VALUES ('1', 1, 'problem-1', 'chat', FALSE, 'DUE', 3, now(), 'it answered 503');
            INSERT INTO upkeep_run (what, node, started_at, took_ms, outcome, error)
            VALUES ('window_1m', 'node1:25520', now(), 1000, 'FAILED', 'canceling statement due to lock timeout');
            """;

    @BeforeAll
    static void fill() throws Exception {
        String reader = Files.readString(Deployment.ROOT.resolve("deploy/postgres/reader.sql"));
        try (Connection owner = DATABASE.dataSource().getConnection();
                Statement statement = owner.createStatement()) {
            statement.execute(ROWS);
            statement.execute(reader);
            statement.execute(reader);
        }
    }

    @Test
    void eachPanelOfPostgresShowsRows() throws Exception {
        int asked = 0;
        for (Panel panel : Deployment.panels()) {
            for (String sql : panel.sql()) {
                List<String> columns =
                        ask(filledIn(sql), panel.model().path("type").asText().equals("table"), panel.toString());
                asked++;
                if (panel.model().at("/targets/0/format").asText().equals("time_series")) {
                    assertThat(columns).as(panel.toString()).contains("time");
                }
            }
        }
        assertThat(asked).isGreaterThan(30);
    }

    @Test
    void eachVariableHasValues() throws Exception {
        for (Dashboard dashboard : Deployment.dashboards()) {
            for (JsonNode variable : dashboard.variables()) {
                if (variable.at("/datasource/type").asText().contains("postgresql")) {
                    ask(filledIn(variable.path("query").asText()), false, dashboard + " " + variable.path("name"));
                }
            }
        }
    }

    @Test
    void theReaderReadsNoTokenAndNoJournal() {
        for (String table : List.of(
                "token",
                "account",
                "web_session",
                "sign_in_failure",
                "audit",
                "windows_event",
                "diagnosis_event",
                "windows_snapshot",
                "setting_change")) {
            assertThatThrownBy(() -> as("SELECT 1 FROM " + table))
                    .as(table)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("permission denied");
        }
    }

    @Test
    void theReaderWritesNothing() {
        for (String write : List.of(
                "DELETE FROM incident",
                "SET default_transaction_read_only = off; DELETE FROM incident",
                "SET default_transaction_read_only = off; SELECT ensure_window_partition('2031-01-01')",
                "SET default_transaction_read_only = off; CREATE TABLE mine (a INT)")) {
            assertThatThrownBy(() -> as(write)).as(write).isInstanceOf(SQLException.class);
        }
    }

    private static void as(String sql) throws SQLException {
        try (Connection connection = reader();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Its columns; at least one row, and in the row of a figure or a graph something. */
    private static List<String> ask(String sql, boolean isTable, String what) throws SQLException {
        try (Connection connection = reader();
                Statement statement = connection.createStatement()) {
            ResultSet rows = statement.executeQuery(sql);
            List<String> columns = new ArrayList<>();
            ResultSetMetaData meta = rows.getMetaData();
            for (int i = 1; i <= meta.getColumnCount(); i++) {
                columns.add(meta.getColumnLabel(i));
            }
            assertThat(rows.next()).as(what + ": " + sql).isTrue();
            assertThat(isTable || rows.getObject(columns.size()) != null)
                    .as(what + ": " + columns)
                    .isTrue();
            return columns;
        } catch (SQLException e) {
            throw new SQLException(what + ": " + e.getMessage() + "\n" + sql, e);
        }
    }

    private static Connection reader() throws SQLException {
        return DriverManager.getConnection(DATABASE.url(), "sonde_reader", "");
    }

    /** As Grafana fills in its macros and variables. */
    private static String filledIn(String sql) {
        String from = "'" + Instant.now().minusSeconds(6 * 3600) + "'";
        String to = "'" + Instant.now() + "'";
        String filled = sql.replaceAll("\\$__timeFilter\\(([\\w.]+)\\)", "$1 BETWEEN " + from + " AND " + to)
                .replace("$__timeFrom()", from)
                .replace("$__timeTo()", to)
                .replace("${tenant:sqlstring}", "'default'")
                .replace("${client:sqlstring}", "'o''hara'")
                .replaceAll("\\$\\{(?:target|path):sqlstring}", "'https://a.example/?x=''1'''");
        assertThat(filled).doesNotContain("$");
        return filled;
    }
}
