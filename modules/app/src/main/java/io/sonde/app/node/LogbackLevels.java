package io.sonde.app.node;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import io.sonde.query.LogLevels;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** The levels of Logback's loggers. Only those that exist are changed, so that nobody fills the memory with names. */
final class LogbackLevels implements LogLevels {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(LogbackLevels.class);

    private final LoggerContext loggers = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final Map<String, Changed> changed = new HashMap<>();
    private final ActorSystem<?> system;
    private final LiveSettings.Record record;
    private final Executor blocking;
    private final Clock clock;
    private long changes;

    /** @param blocking where changes are recorded */
    LogbackLevels(ActorSystem<?> system, LiveSettings.Record record, Executor blocking, Clock clock) {
        this.system = system;
        this.record = record;
        this.blocking = blocking;
        this.clock = clock;
    }

    /**
     * @param number of the change
     * @param before what it was at the start, null when it had that of the logger above
     */
    private record Changed(
            long number,
            ch.qos.logback.classic.@Nullable Level before,
            @Nullable Long untilMs,
            @Nullable Cancellable reset) {
        void cancel() {
            if (reset != null) {
                reset.cancel();
            }
        }
    }

    @Override
    public synchronized List<Level> all() {
        return loggers.getLoggerList().stream()
                .filter(logger -> logger.getLevel() != null)
                .map(this::level)
                .toList();
    }

    @Override
    public synchronized Optional<Level> set(String name, String level, @Nullable Duration lasts, String by) {
        Logger logger = loggers.exists(name);
        if (logger == null) {
            return Optional.empty();
        }
        Changed last = changed.get(name);
        if (last != null) {
            last.cancel();
        }
        changes++;
        changed.put(
                name,
                new Changed(
                        changes,
                        last == null ? logger.getLevel() : last.before,
                        lasts == null ? null : clock.millis() + lasts.toMillis(),
                        lasts == null ? null : resetAfter(name, lasts, changes)));
        change(logger, ch.qos.logback.classic.Level.toLevel(level), by);
        return Optional.of(level(logger));
    }

    @Override
    public synchronized boolean reset(String name, String by) {
        Logger logger = loggers.exists(name);
        if (logger == null) {
            return false;
        }
        Changed last = changed.remove(name);
        if (last != null) {
            last.cancel();
            change(logger, last.before, by);
        }
        return true;
    }

    private Cancellable resetAfter(String name, Duration lasts, long number) {
        return system.scheduler().scheduleOnce(lasts, () -> timeIsOver(name, number), system.executionContext());
    }

    /** Nothing when it was changed again in this very moment. */
    private synchronized void timeIsOver(String name, long number) {
        Changed last = changed.get(name);
        if (last != null && last.number == number) {
            reset(name, "its time is over");
        }
    }

    private void change(Logger logger, ch.qos.logback.classic.@Nullable Level level, String by) {
        String before = shown(logger.getLevel());
        logger.setLevel(level);
        String after = shown(logger.getLevel());
        LOG.info("{} logs at {} where it was {}: {}", logger.getName(), after, before, by);
        blocking.execute(
                () -> record.of(List.of(new LiveSettings.Change("log-level." + logger.getName(), before, after))));
    }

    private Level level(Logger logger) {
        Changed last = changed.get(logger.getName());
        return new Level(logger.getName(), shown(logger.getLevel()), last == null ? null : last.untilMs);
    }

    private static String shown(ch.qos.logback.classic.@Nullable Level level) {
        return level == null ? "as above it" : level.toString();
    }
}
