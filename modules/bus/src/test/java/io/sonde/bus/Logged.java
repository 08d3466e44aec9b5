package io.sonde.bus;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** All that some loggers say while it is open. */
final class Logged implements AutoCloseable {
    private final List<Logger> loggers;
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

    private Logged(List<Logger> loggers) {
        this.loggers = loggers;
    }

    static Logged of(String... names) {
        Logged logged = new Logged(Stream.of(names)
                .map(name -> (Logger) LoggerFactory.getLogger(name))
                .toList());
        // Read while other threads still log.
        logged.appender.list = new CopyOnWriteArrayList<>();
        logged.appender.start();
        logged.loggers.forEach(logger -> {
            logger.setLevel(Level.TRACE);
            logger.addAppender(logged.appender);
        });
        return logged;
    }

    List<String> lines() {
        return List.copyOf(appender.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Override
    public void close() {
        loggers.forEach(logger -> {
            logger.detachAppender(appender);
            // Its parent's again.
            logger.setLevel(null);
        });
    }
}
