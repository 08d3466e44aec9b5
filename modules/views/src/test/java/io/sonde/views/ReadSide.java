package io.sonde.views;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.sonde.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** A read side of its own, written and asked directly. */
final class ReadSide {
    private final PostgresServer.Database database = PostgresServer.shared().newDatabase();
    final DataSource dataSource = pool(database);
    private final SnapshotStore snapshots = new SnapshotStore(dataSource, Duration.ofSeconds(30));

    private static DataSource pool(PostgresServer.Database database) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(database.dataSource());
        config.setMaximumPoolSize(5);
        config.setMinimumIdle(0);
        return new HikariDataSource(config);
    }

    Connection unpooled() throws SQLException {
        return database.dataSource().getConnection();
    }

    String url() {
        return database.url();
    }

    /** In one transaction, by a writer that has not seen anything yet. */
    void write(List<Diagnosed> events) {
        write(new ReadSideStore(100), events);
    }

    void write(Diagnosed... events) {
        write(List.of(events));
    }

    void write(ReadSideStore writer, List<Diagnosed> events) {
        try (ProjectionStore transaction = ProjectionStore.open(dataSource)) {
            transaction.write(writer, events);
            transaction.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    int rollUp(long nowMs) {
        try {
            return new RollupStore(dataSource, 7).rollUp(nowMs);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Without waiting until nothing more is written. */
    int rollUpOverviews(long nowMs) {
        try {
            return new OverviewRollupStore(dataSource, Duration.ZERO).rollUp(nowMs, Integer.MAX_VALUE);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    Page<WindowRow, Position> page(WindowQuery query) {
        return snapshots.answer(WindowStore::page, query);
    }

    <Q, A> A ask(SnapshotStore.Question<Q, A> by, Q question) {
        return snapshots.answer(by, question);
    }

    /** All pages, one after the other. */
    List<WindowRow> all(Resolution resolution, long fromMs, long toMs, int pageSize) {
        List<WindowRow> all = new ArrayList<>();
        Position after = null;
        do {
            Page<WindowRow, Position> page = page(new WindowQuery(
                    new SeriesFilter("default", "some", null, null), resolution, fromMs, toMs, after, pageSize));
            all.addAll(page.items());
            after = page.last();
        } while (after != null);
        return all;
    }

    /** Every row as text, in the order of the query. */
    List<String> rows(String sql) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            int columns = found.getMetaData().getColumnCount();
            while (found.next()) {
                StringBuilder row = new StringBuilder();
                for (int i = 1; i <= columns; i++) {
                    row.append(i == 1 ? "" : " | ").append(found.getString(i));
                }
                rows.add(row.toString());
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** How PostgreSQL finds the rows of a page, if it takes an index where it can: tables of tests are small. */
    String explain(WindowTable table, WindowQuery query) {
        Conditions where = PageTable.bounds(query, "w.series_id", "w.window_start");
        return explain(where, PageTable.select(table, where), query.limit());
    }

    String explain(Conditions where, String select, int limit) {
        try (Connection connection = unpooled();
                Statement setting = connection.createStatement();
                PreparedStatement statement = connection.prepareStatement("EXPLAIN " + select)) {
            setting.execute("SET enable_seqscan = off");
            statement.setInt(where.set(statement), limit);
            try (ResultSet lines = statement.executeQuery()) {
                StringBuilder plan = new StringBuilder();
                while (lines.next()) {
                    plan.append(lines.getString(1)).append('\n');
                }
                return plan.toString();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(select, e);
        }
    }

    void execute(String sql) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** All rows of a tenant, without the numbers of series, which say nothing. */
    List<String> content(String tenant) {
        List<String> content = new ArrayList<>();
        for (String table : List.of("window_1m", "window_1h", "window_1d", "rollup_due")) {
            content.addAll(rows("SELECT '" + table + "', s.source, s.target, to_jsonb(w) - 'series_id' FROM " + table
                    + " w JOIN series s USING (series_id) WHERE s.tenant = '" + tenant + "' ORDER BY 1, 2, 3, 4"));
        }
        content.addAll(rows("SELECT to_jsonb(o) - 'series' FROM overview o WHERE tenant = '" + tenant
                + "' ORDER BY kind, resolution, window_start"));
        content.addAll(rows("SELECT s.source, s.target, to_jsonb(i) - 'series_id' - 'id' FROM incident i"
                + " JOIN series s USING (series_id) WHERE s.tenant = '" + tenant + "' ORDER BY 1, 2, i.onset"));
        content.addAll(rows("SELECT source, target, first_window, last_window FROM series WHERE tenant = '" + tenant
                + "' AND last_window > '-infinity' ORDER BY 1, 2"));
        content.addAll(rows(
                "SELECT source, attributes, attributes_at FROM source WHERE tenant = '" + tenant + "' ORDER BY 1"));
        return content;
    }

    void empty() {
        try {
            new RebuildStore(dataSource).empty();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
