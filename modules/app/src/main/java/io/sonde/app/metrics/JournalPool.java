package io.sonde.app.metrics;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.MetricsTrackerFactory;
import java.util.Optional;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.jdbc.db.SlickExtension;
import org.apache.pekko.persistence.jdbc.db.SlickExtensionImpl;
import slick.jdbc.hikaricp.HikariCPJdbcDataSource;

/** The journals' pool of connections, which Slick opens: its metrics can only be asked for afterwards. */
final class JournalPool {
    private static final String JOURNAL = "sonde.windows.journal";

    private JournalPool() {}

    static void watch(ActorSystem system, MetricsTrackerFactory metrics) {
        of(system).ifPresent(pool -> pool.setMetricsTrackerFactory(metrics));
    }

    private static Optional<HikariDataSource> of(ActorSystem system) {
        var slick = (SlickExtensionImpl) SlickExtension.get(system);
        return slick.database(system.settings().config().getConfig(JOURNAL))
                                .database()
                                .source()
                        instanceof HikariCPJdbcDataSource source
                ? Optional.of(source.ds())
                : Optional.empty();
    }
}
