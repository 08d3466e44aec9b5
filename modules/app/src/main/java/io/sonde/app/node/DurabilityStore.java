package io.sonde.app.node;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What PostgreSQL has to keep so that a commit survives a power cut. */
record DurabilityStore(DataSource dataSource) {
    private static final Logger LOG = LoggerFactory.getLogger(DurabilityStore.class);
    private static final String SWITCHED_OFF =
            """
            SELECT name FROM pg_settings
            WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes') AND setting = 'off' ORDER BY name
            """;

    /** Names of settings that are off. */
    List<String> broken() throws SQLException {
        List<String> names = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(SWITCHED_OFF);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    void warn() throws SQLException {
        for (String name : broken()) {
            LOG.warn(
                    "PostgreSQL has {} = off: it answers before what it took is on disk, and a crash or a power cut loses"
                            + " events that were acknowledged; set it to on",
                    name);
        }
    }
}
