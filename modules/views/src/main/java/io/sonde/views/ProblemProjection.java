package io.sonde.views;

import io.sonde.core.Tracing;
import io.sonde.problems.ProblemsEvent;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.ShardedDaemonProcessSettings;
import org.apache.pekko.cluster.sharding.typed.javadsl.ShardedDaemonProcess;
import org.apache.pekko.projection.ProjectionBehavior;
import org.apache.pekko.projection.ProjectionId;
import org.apache.pekko.projection.jdbc.javadsl.JdbcHandler;
import org.apache.pekko.projection.jdbc.javadsl.JdbcProjection;

/** Copies the journal of problems into the read side, exactly once. */
public final class ProblemProjection {
    static final String NAME = "problems";

    private ProblemProjection() {}

    /**
     * @param dataSource the pool of {@link WindowProjection}
     * @param news is told of problems that this node has just written
     */
    public static void init(ActorSystem<?> system, DataSource dataSource, ViewsSettings settings, News news) {
        ShardedDaemonProcess.get(system)
                .init(
                        ProjectionBehavior.Command.class,
                        NAME + "-projection",
                        1,
                        any -> ProjectionBehavior.create(JdbcProjection.groupedWithin(
                                        ProjectionId.of(NAME, "all"),
                                        new ProblemSource(
                                                system, new ProblemJournalStore(dataSource, system), settings),
                                        () -> ProjectionStore.open(dataSource),
                                        () -> new Copying(news),
                                        system)
                                .withGroup(settings.groupSize(), settings.groupWithin())
                                .withRestartBackoff(Duration.ofMillis(500), Duration.ofSeconds(15), 0.2)),
                        ShardedDaemonProcessSettings.create(system),
                        Optional.of(ProjectionBehavior.stopMessage()));
    }

    /** Writes a group of events in the transaction that also stores their offset. */
    static final class Copying extends JdbcHandler<List<ProblemSource.Row>, ProjectionStore> {
        private final News news;

        Copying(News news) {
            this.news = news;
        }

        @Override
        public void process(ProjectionStore transaction, List<ProblemSource.Row> group) throws SQLException {
            List<ProblemsEvent> events =
                    group.stream().map(ProblemSource.Row::event).toList();
            transaction.follow(Tracing.NONE, () -> news.committedProblems(events));
            transaction.writeProblems(events);
        }
    }
}
