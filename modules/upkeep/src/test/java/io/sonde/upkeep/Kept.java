package io.sonde.upkeep;

import io.sonde.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** A database of its own with things to keep and things to drop, written as the schema has them. */
final class Kept {
    static final Instant NOW = Instant.parse("2031-05-15T12:00:00Z");
    private static final List<String> TABLES = List.of(
            "window_1m",
            "window_1h",
            "window_1d",
            "rollup_due",
            "incident",
            "problem",
            "delivery",
            "silence",
            "diagnosis_event",
            "diagnosis_snapshot",
            "problem_event",
            "setting_change",
            "audit",
            "web_session",
            "sign_in_failure",
            "node",
            "upkeep_run",
            "kept_from");

    final DataSource dataSource = PostgresServer.shared().newDatabase().dataSource();

    Upkeep upkeep(Instant now) {
        return new Upkeep(dataSource, settings(7), "test", Clock.fixed(now, ZoneOffset.UTC));
    }

    static UpkeepSettings settings(int batch) {
        return new UpkeepSettings(
                Duration.ofHours(1),
                Duration.ofMinutes(5),
                3,
                Duration.ofDays(90),
                Duration.ofDays(730),
                Duration.ofDays(30),
                Duration.ofDays(7),
                Duration.ofDays(730),
                Duration.ofDays(30),
                Duration.ofHours(25),
                batch,
                Duration.ZERO,
                Duration.ofMillis(200));
    }

    /** One window of each of these series at this time, in this table. */
    void windows(String table, Instant start, int... series) {
        for (int id : series) {
            execute("INSERT INTO series (tenant, kind, source, target, target_hash, first_window, last_window) SELECT"
                    + " 'default', 'some', 's', 't" + id + "', '" + id + "', now(), now()"
                    + " WHERE NOT EXISTS (SELECT 1 FROM series WHERE target = 't" + id + "')");
            execute("SELECT ensure_window_partition('" + start + "')");
            execute("INSERT INTO " + table + " (series_id, window_start, updated_at, revision, success, counts, p50s,"
                    + " p95s, summary) SELECT series_id, '" + start + "', now(), 1, 1, '{1}', '{1}', '{1}', ''"
                    + " FROM series WHERE target = 't" + id + "'");
        }
    }

    /** This many events of an entity, a minute apart from this time on, each in a transaction of its own. */
    void events(String journal, String entity, int count, Instant first) {
        for (int i = 1; i <= count; i++) {
            execute("INSERT INTO " + journal + "_event (persistence_id, sequence_number, writer, write_timestamp,"
                    + " event_ser_id, event_ser_manifest, event_payload) VALUES ('" + entity + "', " + i + ", 'w', "
                    + first.plus(Duration.ofMinutes(i - 1L)).toEpochMilli() + ", 1, 'm', 'payload')");
        }
    }

    void snapshot(String journal, String entity, int number) {
        execute("INSERT INTO " + journal + "_snapshot VALUES ('" + entity + "', " + number + ", 0, 1, 'm', 'state')");
    }

    /** As if the projection had copied the entity's slice up to this event. */
    void copied(String entity, int number) {
        execute(
                "INSERT INTO projection_offset_store SELECT 'windows', 'slice-' || lpad((hashtext(persistence_id) & 15)::text,"
                        + " 2, '0'), xid || '/' || ordering, 'STR', FALSE, 0 FROM diagnosis_event WHERE persistence_id = '"
                        + entity + "' AND sequence_number = " + number);
    }

    void execute(String sql) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    List<String> rows(String sql) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (found.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                    row.add(found.getString(i));
                }
                rows.add(String.join(" | ", row));
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    List<String> partitions(String table) {
        return rows("SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = '"
                + table + "'::regclass ORDER BY 1");
    }

    /** Every row of every table, and every partition. */
    List<String> everything() {
        List<String> all = new ArrayList<>();
        TABLES.forEach(table -> all.addAll(rows("SELECT '" + table + "', t::text FROM " + table + " t ORDER BY 2")));
        all.addAll(partitions("window_1m"));
        all.addAll(partitions("window_1h"));
        return all;
    }
}
