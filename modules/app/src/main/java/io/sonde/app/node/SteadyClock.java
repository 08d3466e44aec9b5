package io.sonde.app.node;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Goes on from when another clock was last found right, and does not notice when that one is set. Before it ever was, the
 * epoch begins: what waits for a time to pass then waits.
 */
final class SteadyClock extends Clock {
    private volatile @Nullable Anchor anchor;

    private record Anchor(long atNanos, long atMs) {}

    /** @param nowMs on the clock that was just found right */
    void foundRight(long nowMs) {
        anchor = new Anchor(System.nanoTime(), nowMs);
    }

    @Override
    public long millis() {
        Anchor from = anchor;
        return from == null ? 0 : from.atMs() + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - from.atNanos());
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("epoch ms have no zone");
    }
}
