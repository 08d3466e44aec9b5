package io.sonde.app.doctor;

import io.sonde.app.node.DatabaseTimeStore;
import io.sonde.views.WindowProjection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** Asks a PostgreSQL about itself. It writes nothing. */
record PostgresFactsStore(DataSource dataSource) {
    private static final String SETTINGS =
            """
            SELECT name, setting FROM pg_settings
            WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'max_connections',
                           'superuser_reserved_connections', 'statement_timeout', 'idle_in_transaction_session_timeout',
                           'default_transaction_read_only', 'server_version')
            UNION ALL SELECT 'in_recovery', CASE WHEN pg_is_in_recovery() THEN 'on' ELSE 'off' END
            """;

    /** Months are dropped by who owns them. */
    private static final String MISSING_RIGHTS =
            """
            SELECT concat(needs, ' on ', relname)
            FROM pg_class c CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) needs
            WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
              AND NOT has_table_privilege(c.oid, needs)
            UNION ALL
            SELECT concat('ownership of ', relname) FROM pg_class
            WHERE relnamespace = current_schema()::regnamespace AND relname IN ('window_1m', 'window_1h')
              AND NOT pg_has_role(relowner, 'USAGE')
            UNION ALL
            SELECT concat('CREATE in the schema ', coalesce(current_schema(), 'of the search_path, which is missing'))
            WHERE current_schema() IS NULL OR NOT has_schema_privilege(current_schema(), 'CREATE')
            ORDER BY 1
            """;

    private static final String SEES_OTHERS = "SELECT pg_has_role('pg_read_all_stats', 'USAGE')";

    private static final String OTHERS =
            "SELECT count(*) FROM pg_stat_activity WHERE datid IS NOT NULL AND application_name NOT LIKE 'sonde-%'"
                    + " AND pid <> pg_backend_pid()";

    private static final String MONTHS = "SELECT right(relname, 7) FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid"
            + " WHERE inhparent = to_regclass('window_1m') ORDER BY 1";

    PostgresFacts ask(Clock clock) throws SQLException {
        long aheadMs = new DatabaseTimeStore(dataSource).aheadMs(clock);
        try (Connection connection = dataSource.getConnection()) {
            return new PostgresFacts(
                    connection.getMetaData().getDatabaseMajorVersion(),
                    settings(connection),
                    texts(connection, MISSING_RIGHTS),
                    texts(connection, SEES_OTHERS).contains("t"),
                    Integer.parseInt(texts(connection, OTHERS).get(0)),
                    WindowProjection.heldUpBy(connection),
                    texts(connection, MONTHS),
                    aheadMs);
        }
    }

    private static Map<String, String> settings(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SETTINGS);
                ResultSet rows = statement.executeQuery()) {
            Map<String, String> settings = new HashMap<>();
            while (rows.next()) {
                settings.put(rows.getString(1), rows.getString(2));
            }
            return settings;
        }
    }

    private static List<String> texts(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            List<String> texts = new ArrayList<>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        }
    }
}
