package io.sonde.bench;

import java.util.concurrent.TimeUnit;

/** When requests are to be sent. */
sealed interface Pace {
    /** The next one when the one before is acknowledged: as fast as it goes, and slower when the node is slow. */
    Pace CLOSED = new Closed();

    /** So many a second, whatever becomes of them: a node that stands still is asked no less. */
    static Pace open(double requestsPerSecond) {
        return new Open(requestsPerSecond);
    }

    /** When the next request is to be sent, if {@code sent} of them have been since {@code start}; all in ns. */
    long intended(long start, long sent, long now);

    /** Wakes somebody each time that a request is to be sent. */
    Alarm alarm(Runnable wake);

    record Closed() implements Pace {
        @Override
        public long intended(long start, long sent, long now) {
            return now;
        }

        @Override
        public Alarm alarm(Runnable wake) {
            return Alarm.NONE;
        }
    }

    record Open(double requestsPerSecond) implements Pace {
        private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

        public Open {
            if (!(requestsPerSecond > 0)) {
                throw new IllegalArgumentException("--rate is to be above 0");
            }
        }

        @Override
        public long intended(long start, long sent, long now) {
            return start + (long) (sent * NANOS_PER_SECOND / requestsPerSecond);
        }

        @Override
        public Alarm alarm(Runnable wake) {
            return Alarm.every((long) (NANOS_PER_SECOND / requestsPerSecond), wake);
        }
    }
}
