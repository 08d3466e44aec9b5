package io.sonde.core;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Named places where a test lets the process die, as a power cut would, to prove that nothing depends on getting past
 * them. Inert unless the JVM is started with {@code -Dsonde.failpoint=NAME:N}, for instance {@code before-bus-ack:17}: then the
 * N-th passing of that place halts it. With {@code NAME:Nms} each passing lasts so many milliseconds instead, so that others
 * overtake it. Switched off, a passing costs nothing.
 */
public enum Failpoint {
    BEFORE_JOURNAL_WRITE,
    AFTER_JOURNAL_WRITE,
    BEFORE_BUS_ACK,
    /** A request's events are safe and its sender has not been told. */
    BEFORE_ANSWER,
    /** What was sent was answered, and its sender has not marked it as sent. */
    AFTER_SEND,
    BEFORE_PROJECTION_COMMIT,
    AFTER_PROJECTION_COMMIT,
    BEFORE_SNAPSHOT,
    AFTER_SNAPSHOT,
    /** A source without open windows asks to rest. */
    AT_PASSIVATION,
    /** A source with open windows is stopped, because its shard moves to another node. */
    AT_HAND_OFF;

    /** The exit code of a process that a failpoint ended. */
    public static final int EXIT_CODE = 99;

    private static final String PROPERTY = "sonde.failpoint";
    private static final String UNIT = "ms";

    /** Read when the first place is passed. */
    private static final class Armed {
        static final Optional<Failpoint> POINT = read();
        static final boolean ON = POINT.isPresent();
        static final boolean LASTS = System.getProperty(PROPERTY, "").endsWith(UNIT);
        static final int NUMBER = number();
        static final AtomicInteger LEFT = new AtomicInteger(NUMBER);

        private static Optional<Failpoint> read() {
            String setting = System.getProperty(PROPERTY, "");
            return setting.isEmpty() ? Optional.empty() : Optional.of(Failpoint.of(setting.split(":")[0]));
        }

        private static int number() {
            String setting = System.getProperty(PROPERTY, "").replace(UNIT, "");
            return setting.contains(":") ? Integer.parseInt(setting.substring(setting.indexOf(':') + 1)) : 1;
        }
    }

    /** @throws IllegalArgumentException when there is no such place */
    public static Failpoint of(String name) {
        return Arrays.stream(values())
                .filter(point -> point.code().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(PROPERTY + " is " + name + ", it must be one of "
                        + Arrays.stream(values()).map(Failpoint::code).collect(Collectors.joining(", "))));
    }

    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Here the process ends, if this is the place and the time, or what passes is held up. */
    public void pass() {
        if (!Armed.ON || Armed.POINT.orElseThrow() != this) {
            return;
        }
        if (Armed.LASTS) {
            linger();
        } else if (Armed.LEFT.decrementAndGet() == 0) {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }

    private static void linger() {
        try {
            TimeUnit.MILLISECONDS.sleep(Armed.NUMBER);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
