package io.sonde.app.node;

import io.sonde.windows.ShardedWindows;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes sources that left windows open and then fell silent: after a crash or a move nothing else would start them. A
 * source that is running wakes once more than it needs to, which it does not notice.
 */
final class Sweep {
    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);

    private final OpenSourcesTable sources;
    private final ShardedWindows windows;
    private final Clock clock;

    private Sweep(OpenSourcesTable sources, ShardedWindows windows, Clock clock) {
        this.sources = sources;
        this.windows = windows;
        this.clock = clock;
    }

    /**
     * The first sweep wakes every source that left windows open, whenever that was: a start may follow a stop at once.
     *
     * @param silence after which a source with open windows is looked after; also how often that is looked for
     */
    static void start(
            ActorSystem<?> system,
            OpenSourcesTable sources,
            ShardedWindows windows,
            Clock clock,
            Duration silence,
            Executor blocking) {
        Sweep sweep = new Sweep(sources, windows, clock);
        blocking.execute(() -> sweep.run(Duration.ZERO));
        var unused = system.scheduler()
                .scheduleWithFixedDelay(
                        silence, silence, () -> blocking.execute(() -> sweep.run(silence)), system.executionContext());
    }

    private void run(Duration silence) {
        try {
            List<String> silent = sources.silentSince(clock.millis() - silence.toMillis());
            silent.forEach(windows::wakeUp);
            if (!silent.isEmpty()) {
                LOG.info("looked after the open windows of {} silent sources", silent.size());
            }
        } catch (SQLException e) {
            LOG.warn("the sweep over open sources failed, it comes again: {}", e.getMessage());
        }
    }
}
