package io.sonde.probe;

import io.sonde.qoe.NetworkContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/** The network context, asked for again when it is a minute old: laptops move. */
final class CachedContext implements Supplier<NetworkContext> {
    private static final Duration AGE_LIMIT = Duration.ofMinutes(1);

    private final Clock clock;
    private final Supplier<NetworkContext> source;
    private NetworkContext known;
    private Instant since;

    CachedContext(Clock clock, Supplier<NetworkContext> source) {
        this.clock = clock;
        this.source = source;
        this.known = source.get();
        this.since = clock.instant();
    }

    @Override
    public synchronized NetworkContext get() {
        Instant now = clock.instant();
        if (now.isAfter(since.plus(AGE_LIMIT)) || now.isBefore(since)) {
            known = source.get();
            since = now;
        }
        return known;
    }
}
