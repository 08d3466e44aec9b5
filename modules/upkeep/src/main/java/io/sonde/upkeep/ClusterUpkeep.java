package io.sonde.upkeep;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.SingletonActor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The upkeep of the cluster, on whichever node it lives: once at the start, then again and again. */
public final class ClusterUpkeep {
    private sealed interface Command extends NoSerializationVerificationNeeded {}

    private enum Tick implements Command {
        RUN
    }

    private record Ran(Duration again) implements Command {}

    private static final Logger LOG = LoggerFactory.getLogger(ClusterUpkeep.class);

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final Upkeep upkeep;
    private final UpkeepSettings settings;
    private final BooleanSupplier clockIsRight;
    private final Executor blocking;

    private ClusterUpkeep(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Upkeep upkeep,
            UpkeepSettings settings,
            BooleanSupplier clockIsRight,
            Executor blocking) {
        this.context = context;
        this.timers = timers;
        this.upkeep = upkeep;
        this.settings = settings;
        this.clockIsRight = clockIsRight;
        this.blocking = blocking;
    }

    /**
     * @param clockIsRight whether the clock can be trusted now: what a clock in the future deletes is gone for ever
     * @param blocking where JDBC may block, for as long as a run takes
     */
    public static void init(
            ActorSystem<?> system,
            DataSource dataSource,
            UpkeepSettings settings,
            SilentSeries silent,
            Clock clock,
            BooleanSupplier clockIsRight,
            Executor blocking) {
        List<Chore> chores = new ArrayList<>(Chores.of(settings));
        chores.add(0, new SilentIncidentsTable(settings.silentAfter(), silent, settings.batch()));
        Upkeep upkeep = new Upkeep(dataSource, chores, system.address().hostPort(), clock);
        Behavior<Command> behavior = Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new ClusterUpkeep(context, timers, upkeep, settings, clockIsRight, blocking).start()));
        var unused = ClusterSingleton.get(system).init(SingletonActor.of(behavior, "upkeep"));
    }

    private Behavior<Command> start() {
        context.getSelf().tell(Tick.RUN);
        return Behaviors.receive(Command.class)
                .onMessage(Tick.class, tick -> run())
                .onMessage(Ran.class, this::ran)
                .build();
    }

    private Behavior<Command> run() {
        if (!clockIsRight.getAsBoolean()) {
            LOG.warn("the clock is not known to be right: nothing is deleted by it; it is tried again");
            timers.startSingleTimer(Tick.RUN, settings.retryAfter());
            return Behaviors.same();
        }
        context.pipeToSelf(
                CompletableFuture.supplyAsync(this::report, blocking),
                (report, failure) -> new Ran(failure == null ? next(report) : failed(failure)));
        return Behaviors.same();
    }

    private Optional<UpkeepReport> report() {
        try {
            return upkeep.run();
        } catch (SQLException e) {
            throw new CompletionException(e);
        }
    }

    private Behavior<Command> ran(Ran ran) {
        timers.startSingleTimer(Tick.RUN, ran.again());
        return Behaviors.same();
    }

    private Duration failed(Throwable failure) {
        LOG.warn("the upkeep cannot be done now, it is tried again: {}", String.valueOf(failure));
        return settings.retryAfter();
    }

    private Duration next(Optional<UpkeepReport> report) {
        if (report.isEmpty()) {
            LOG.info("somebody else is at the upkeep of this database");
            return settings.retryAfter();
        }
        report.get().lines().forEach(line -> LOG.info("upkeep: {}", line));
        return report.get().errors().isEmpty() ? settings.every() : settings.retryAfter();
    }
}
