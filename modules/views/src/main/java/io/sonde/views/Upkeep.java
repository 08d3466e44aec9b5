package io.sonde.views;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/** Rolls up what is due and tells who holds projections up. On every node: they pass over each other's work. */
final class Upkeep extends AbstractBehavior<Upkeep.Command> {
    sealed interface Command {}

    private enum Tick implements Command {
        ROLL_UP,
        OVERVIEW,
        OPEN_TRANSACTIONS
    }

    /** An hour of minutes, where many are due. */
    private static final int OVERVIEWS_AT_A_TIME = 6;
    /** The windows of a minute come within some seconds of each other. */
    private static final Duration QUIET = Duration.ofSeconds(5);

    private final RollupStore rollups;
    private final OverviewRollupStore overviews;
    private final DataSource dataSource;
    private final Clock clock;
    private boolean heldUp;

    private Upkeep(ActorContext<Command> context, DataSource dataSource, ViewsSettings settings, Clock clock) {
        super(context);
        rollups = new RollupStore(dataSource, settings.rollupBatch());
        overviews = new OverviewRollupStore(dataSource, QUIET);
        this.dataSource = dataSource;
        this.clock = clock;
    }

    /** Blocks: to be run on a dispatcher for that. */
    static Behavior<Command> create(DataSource dataSource, ViewsSettings settings, Clock clock) {
        Behavior<Command> upkeep = Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Tick.ROLL_UP, settings.upkeepInterval());
            timers.startTimerWithFixedDelay(Tick.OVERVIEW, settings.upkeepInterval());
            timers.startTimerWithFixedDelay(Tick.OPEN_TRANSACTIONS, settings.upkeepInterval());
            return new Upkeep(context, dataSource, settings, clock);
        }));
        return Behaviors.supervise(upkeep)
                .onFailure(SupervisorStrategy.restartWithBackoff(
                        settings.upkeepInterval(), settings.upkeepInterval().multipliedBy(20), 0.2));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder().onMessage(Tick.class, this::onTick).build();
    }

    /** What fails now is still due at the next tick. */
    private Behavior<Command> onTick(Tick tick) {
        try {
            switch (tick) {
                case ROLL_UP -> rollups.rollUp(clock.millis());
                case OVERVIEW -> overviews.rollUp(clock.millis(), OVERVIEWS_AT_A_TIME);
                case OPEN_TRANSACTIONS -> tellOpenTransactions();
            }
        } catch (SQLException e) {
            getContext().getLog().warn("upkeep of the read side failed, it is tried again: {}", e.getMessage());
        }
        return this;
    }

    /** Once when one is found and once when there is none any more. */
    private void tellOpenTransactions() throws SQLException {
        Optional<String> holder;
        try (Connection connection = dataSource.getConnection()) {
            holder = WindowProjection.heldUpBy(connection);
        }
        if (holder.isPresent() && !heldUp) {
            getContext()
                    .getLog()
                    .warn(
                            "projections read no further until a transaction that has written ends: {}; if it is not"
                                    + " needed, pg_terminate_backend or ROLLBACK PREPARED end it",
                            holder.get());
        } else if (holder.isEmpty() && heldUp) {
            getContext().getLog().info("the transaction that projections waited for has ended");
        }
        heldUp = holder.isPresent();
    }
}
