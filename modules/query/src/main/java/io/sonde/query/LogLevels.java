package io.sonde.query;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How much this node logs, by logger. Changes are this node's alone and gone with it. */
public interface LogLevels {
    /**
     * @param level one of {@link #LEVELS}
     * @param untilMs when it is reset by itself, epoch ms; null when it is not
     */
    record Level(String logger, String level, @Nullable Long untilMs) {}

    List<String> LEVELS = List.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "OFF");

    /** Of loggers that have a level of their own; the others have that of the one above them, at last {@code ROOT}. */
    List<Level> all();

    /**
     * Empty when there is no such logger.
     *
     * @param lasts until it is reset to what it was at the start; null for as long as the node runs
     * @param by who wanted it
     */
    Optional<Level> set(String logger, String level, @Nullable Duration lasts, String by);

    /** As at the start; false when there is no such logger. */
    boolean reset(String logger, String by);
}
