package io.sonde.bench;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Wakes a selector, whose own time-outs are of whole milliseconds and may be one late. */
final class Alarm implements AutoCloseable {
    static final Alarm NONE = new Alarm(Long.MAX_VALUE, () -> {});

    /** More often would cost more than what is measured gains by it. */
    private static final long SHORTEST_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    private final long periodNanos;
    private final Runnable wake;
    private volatile boolean ended;

    private Alarm(long periodNanos, Runnable wake) {
        this.periodNanos = periodNanos;
        this.wake = wake;
    }

    static Alarm every(long periodNanos, Runnable wake) {
        Alarm alarm = new Alarm(Math.max(SHORTEST_NANOS, periodNanos), wake);
        Thread thread = new Thread(alarm::ring, "alarm");
        thread.setDaemon(true);
        thread.start();
        return alarm;
    }

    @Override
    public void close() {
        ended = true;
    }

    private void ring() {
        long due = System.nanoTime();
        while (!ended) {
            due += periodNanos;
            long left = due - System.nanoTime();
            if (left > 0) {
                LockSupport.parkNanos(left);
            }
            wake.run();
        }
    }
}
