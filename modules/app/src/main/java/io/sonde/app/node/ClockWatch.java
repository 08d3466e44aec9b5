package io.sonde.app.node;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;

import io.sonde.edge.Problems;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.server.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares this node's clock with the database's, which all nodes share. Lateness is judged by the clock of the node that
 * received an event and its window sealed by that of another: a node that is wrong by more than both allow takes no
 * events, and says why, until it is right again. It seals by {@link #steady}, which does not go wrong with it.
 */
final class ClockWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ClockWatch.class);
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final int RETRY_AFTER_SECONDS = 10;

    private final DatabaseTimeStore database;
    private final Clock clock;
    private final Duration limit;
    private final SteadyClock steady = new SteadyClock();
    private volatile Duration ahead = Duration.ZERO;

    private ClockWatch(DatabaseTimeStore database, Clock clock, Duration limit) {
        this.database = database;
        this.clock = clock;
        this.limit = limit;
    }

    /** @param limit how far the clock may be from the database's */
    static ClockWatch start(
            ActorSystem<?> system, DatabaseTimeStore database, Clock clock, Duration limit, Executor blocking) {
        ClockWatch watch = new ClockWatch(database, clock, limit);
        watch.look();
        var unused = system.scheduler()
                .scheduleWithFixedDelay(EVERY, EVERY, () -> blocking.execute(watch::look), system.executionContext());
        return watch;
    }

    /** As compared last; a clock that was set since is noticed at once. */
    boolean isRight() {
        return isWithinLimit(ahead) && isWithinLimit(sinceSet());
    }

    private Duration sinceSet() {
        return Duration.ofMillis(clock.millis() - steady.millis());
    }

    private boolean isWithinLimit(Duration difference) {
        return difference.abs().compareTo(limit) <= 0;
    }

    /** This node's clock as it was when it was last right, and what passed since. */
    Clock steady() {
        return steady;
    }

    /** How far this clock is ahead of the database's, at least; negative when it is behind, zero when they may agree. */
    Duration ahead() {
        return ahead;
    }

    /** 503 while the clock is wrong. */
    Route guard(Route inner) {
        return extractRequest(request -> isRight()
                ? inner
                : complete(Problems.unavailable(
                        "The clock of this node is " + off(isWithinLimit(ahead) ? sinceSet() : ahead)
                                + " the database's; it takes no events until it is set.",
                        RETRY_AFTER_SECONDS)));
    }

    /** While the database is away, what was found last stays true. */
    private void look() {
        try {
            found(Duration.ofMillis(database.aheadMs(clock)));
        } catch (SQLException away) {
            LOG.debug("the clock was not compared", away);
        }
    }

    private void found(Duration difference) {
        boolean was = isWithinLimit(ahead);
        boolean is = isWithinLimit(difference);
        ahead = difference;
        if (is) {
            steady.foundRight(clock.millis());
        }
        if (was && !is) {
            LOG.error(
                    "the clock of this node is {} the database's: no events are taken until it is set",
                    off(difference));
        } else if (!was && is) {
            LOG.info("the clock of this node is right again");
        }
    }

    private static String off(Duration difference) {
        return difference.abs().toMillis() + " ms " + (difference.isNegative() ? "behind" : "ahead of");
    }
}
