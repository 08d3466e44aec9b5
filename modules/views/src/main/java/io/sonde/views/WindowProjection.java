package io.sonde.views;

import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.sonde.core.ClosedWindows;
import io.sonde.core.Minute;
import io.sonde.core.TraceContext;
import io.sonde.core.Tracing;
import io.sonde.diagnosis.DiagnosisEvent.WindowsDiagnosed;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.cluster.sharding.typed.ShardedDaemonProcessSettings;
import org.apache.pekko.cluster.sharding.typed.javadsl.ShardedDaemonProcess;
import org.apache.pekko.projection.Projection;
import org.apache.pekko.projection.ProjectionBehavior;
import org.apache.pekko.projection.ProjectionId;
import org.apache.pekko.projection.jdbc.javadsl.JdbcHandler;
import org.apache.pekko.projection.jdbc.javadsl.JdbcProjection;

/** Copies the journal of closed windows into the read side, exactly once, one projection per slice. */
public final class WindowProjection {
    static final String NAME = "windows";
    static final Duration HELD_UP = Duration.ofSeconds(10);
    static final String DISPATCHER = "pekko.projection.jdbc.blocking-jdbc-dispatcher";

    private WindowProjection() {}

    /**
     * Starts the projections, spread over the nodes of the cluster, and the upkeep of the read side on this one.
     *
     * @param dataSource a pool with as many connections as {@code pekko.projection.jdbc.blocking-jdbc-dispatcher} has
     *     threads, for this alone
     * @param projected is told of windows that this node has just written; again after a rebuild of their projection
     * @param news likewise, for all nodes
     */
    public static void init(
            ActorSystem<?> system,
            DataSource dataSource,
            ViewsSettings settings,
            Clock clock,
            Tracing tracing,
            Consumer<ClosedWindows> projected,
            News news,
            ViewsMetrics metrics) {
        checkConfiguration(system);
        ShardedDaemonProcess.get(system)
                .init(
                        ProjectionBehavior.Command.class,
                        NAME + "-projection",
                        Slices.COUNT,
                        slice -> ProjectionBehavior.create(of(
                                system,
                                dataSource,
                                settings,
                                slice,
                                tracing,
                                told(projected, news, clock, metrics),
                                metrics)),
                        ShardedDaemonProcessSettings.create(system),
                        Optional.of(ProjectionBehavior.stopMessage()));
        system.systemActorOf(
                Upkeep.create(dataSource, settings, clock),
                "read-side-upkeep",
                DispatcherSelector.fromConfig(DISPATCHER));
    }

    /** One that nobody is told of. */
    static Projection<Journalled> of(ActorSystem<?> system, DataSource dataSource, ViewsSettings settings, int slice) {
        return of(system, dataSource, settings, slice, Tracing.OFF, events -> {}, ViewsMetrics.unseen());
    }

    private static Projection<Journalled> of(
            ActorSystem<?> system,
            DataSource dataSource,
            ViewsSettings settings,
            int slice,
            Tracing tracing,
            Consumer<List<WindowsDiagnosed>> projected,
            ViewsMetrics metrics) {
        return JdbcProjection.groupedWithin(
                        ProjectionId.of(NAME, Slices.key(slice)),
                        new JournalSource(system, dataSource, settings, slice),
                        () -> ProjectionStore.open(dataSource),
                        () -> new Copying(new ReadSideStore(settings.rememberedSeries()), tracing, projected, metrics),
                        system)
                .withGroup(settings.groupSize(), settings.groupWithin())
                .withRestartBackoff(Duration.ofMillis(500), Duration.ofSeconds(15), 0.2);
    }

    /**
     * Refuses a journal that was written in another PostgreSQL cluster: its order would not go on here.
     *
     * @throws IllegalStateException when it was, in one line that says what to do
     */
    public static void requireOwnJournal(DataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            if (JournalTable.isForeign(connection)) {
                throw new IllegalStateException("the journal of closed windows was restored from another PostgreSQL"
                        + " cluster, in whose transactions it is ordered; run: sonde rebuild --yes");
            }
        }
    }

    /** What has kept the projections from reading on for longer than 10 s: somebody's open transaction, in words. */
    public static Optional<String> heldUpBy(Connection connection) throws SQLException {
        return OpenTransactionTable.openFor(connection, HELD_UP);
    }

    /** For how long the oldest row of the journal that was not copied has waited for it; zero when there is none. */
    public static Duration behind(Connection connection, long nowMs) throws SQLException {
        long oldestMs = OffsetTable.oldestNotCopiedMs(connection);
        return oldestMs == 0 ? Duration.ZERO : Duration.ofMillis(Math.max(0, nowMs - oldestMs));
    }

    static void checkConfiguration(ActorSystem<?> system) {
        String dialect = system.settings().config().getString("pekko.projection.jdbc.dialect");
        if (!dialect.equals("postgres-dialect")) {
            throw new IllegalStateException("pekko.projection.jdbc.dialect is \"" + dialect
                    + "\": application.conf must say include \"projection\"");
        }
    }

    private static Consumer<List<WindowsDiagnosed>> told(
            Consumer<ClosedWindows> projected, News news, Clock clock, ViewsMetrics metrics) {
        return events -> {
            for (WindowsDiagnosed event : events) {
                metrics.visible(clock.millis() - Minute.endOf(event.closed().startMs()));
                projected.accept(event.closed());
            }
            news.committed(events);
        };
    }

    /** Writes a group of events in the transaction that also stores their offset. */
    static final class Copying extends JdbcHandler<List<Journalled>, ProjectionStore> {
        private final ReadSideStore readSide;
        private final Tracing tracing;
        private final Consumer<List<WindowsDiagnosed>> projected;
        private final DistributionDataPoint durations;

        Copying(
                ReadSideStore readSide,
                Tracing tracing,
                Consumer<List<WindowsDiagnosed>> projected,
                ViewsMetrics metrics) {
            this.readSide = readSide;
            this.tracing = tracing;
            this.projected = projected;
            this.durations = metrics.statement("project");
        }

        @Override
        public void process(ProjectionStore transaction, List<Journalled> group) throws SQLException {
            List<WindowsDiagnosed> events = group.stream()
                    .map(journalled -> journalled.diagnosed().event())
                    .toList();
            List<ClosedWindows> closed =
                    events.stream().map(WindowsDiagnosed::closed).toList();
            transaction.follow(tracing.begin(Tracing.Hop.PROJECT, traces(closed)), () -> projected.accept(events));
            long beganNanos = System.nanoTime();
            transaction.write(
                    readSide, group.stream().map(Journalled::diagnosed).toList());
            durations.observe((System.nanoTime() - beganNanos) / 1e9);
        }

        /** Those that one transaction has room for. */
        static List<TraceContext> traces(List<ClosedWindows> closed) {
            return closed.stream()
                    .flatMap(windows -> windows.traces().stream())
                    .limit(TraceContext.MOST)
                    .toList();
        }
    }
}
