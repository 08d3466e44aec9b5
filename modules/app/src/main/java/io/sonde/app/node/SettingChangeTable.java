package io.sonde.app.node;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import javax.sql.DataSource;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code setting_change}: what running nodes took over from their files, and how much they were told to log. */
final class SettingChangeTable implements LiveSettings.Record {
    private static final Logger LOG = LoggerFactory.getLogger(SettingChangeTable.class);
    private static final String INSERT =
            "INSERT INTO setting_change (changed_at, node, key, before, after) VALUES (?, ?, ?, ?, ?)";

    private final DataSource dataSource;
    private final String node;
    private final Clock clock;

    SettingChangeTable(DataSource dataSource, String node, Clock clock) {
        this.dataSource = dataSource;
        this.node = node;
        this.clock = clock;
    }

    static SettingChangeTable of(ActorSystem<?> system, Jdbc jdbc, Clock clock) {
        String node = Cluster.get(system).selfMember().address().toString();
        return new SettingChangeTable(jdbc.views(), node, clock);
    }

    /** A change that cannot be stored holds all the same; it is in the log. */
    @Override
    public void of(List<LiveSettings.Change> changes) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(INSERT)) {
            for (LiveSettings.Change change : changes) {
                statement.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
                statement.setString(2, node);
                statement.setString(3, change.key());
                statement.setString(4, change.before());
                statement.setString(5, change.after());
                statement.addBatch();
            }
            statement.executeBatch();
        } catch (SQLException e) {
            LOG.warn("changes of settings hold, but cannot be stored: {}", e.getMessage());
        }
    }
}
