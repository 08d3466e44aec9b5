package io.sonde.app.storage;

import java.time.Duration;

/**
 * How long a PostgreSQL that is not ready is waited for: without end while it says that it is starting up, for a recovery
 * takes as long as there is log to replay and would begin anew; not for long when it says nothing.
 */
final class Patience {
    static final Duration WITH_SILENCE = Duration.ofSeconds(60);
    static final Duration BETWEEN_NEWS = Duration.ofSeconds(10);

    private final long startNs;
    private long heardNs;
    private long toldNs;

    Patience(long startNs) {
        this.startNs = startNs;
        heardNs = startNs;
        toldNs = startNs;
    }

    /** What to do next. */
    enum Next {
        WAIT,
        TELL_AND_WAIT,
        GIVE_UP
    }

    Next at(long nowNs, boolean saysStarting) {
        if (saysStarting) {
            heardNs = nowNs;
        }
        if (nowNs - heardNs > WITH_SILENCE.toNanos()) {
            return Next.GIVE_UP;
        }
        if (nowNs - toldNs < BETWEEN_NEWS.toNanos()) {
            return Next.WAIT;
        }
        toldNs = nowNs;
        return Next.TELL_AND_WAIT;
    }

    long seconds(long nowNs) {
        return Duration.ofNanos(nowNs - startNs).toSeconds();
    }
}
