package io.sonde.notify;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LogChannelTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(LogChannel.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @BeforeEach
    void listen() {
        logged.start();
        logger.addAppender(logged);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(logged);
    }

    @Test
    void aProblemIsALineThatSaysEnoughAndSoIsItsEnd() {
        var channel = new LogChannel(new Links("https://sonde.example/x/"));

        assertThat(Receiver.send(channel, Notifications.firing())).isEqualTo("logged");
        Receiver.send(channel, Notifications.resolved());

        assertThat(logged.list)
                .extracting(ILoggingEvent::toString)
                .containsExactly(
                        "[WARN] server-bound: https://shop.example/ from 2 sources (target side); ttfb_p95 412 ms, usually"
                                + " 48 ± 6 ms (10 windows), threshold 60 ms; since 2026-11-20T23:04:00Z, problem 42, tenant"
                                + " default, kind qoe; https://sonde.example/x/#/problems/42",
                        "[INFO] resolved: server-bound: https://shop.example/ from 2 sources (target side); since"
                                + " 2026-11-20T23:04:00Z, over at 2026-11-21T00:10:30Z after 1 h 6 min, problem 42, tenant"
                                + " default, kind qoe; https://sonde.example/x/#/problems/42");
    }
}
