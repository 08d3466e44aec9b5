package io.sonde.otlp;

import io.sonde.core.Counters;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/** What a collector took and what it did not; said once when it begins to fail, and once when it is over. */
final class Deliveries {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(Deliveries.class);
    /** The library would say each failure for itself. Held, or it would be forgotten with its level. */
    private static final Logger LIBRARY = Logger.getLogger("io.opentelemetry.exporter");

    static {
        LIBRARY.setLevel(Level.OFF);
    }

    private final String what;
    private final String endpoint;
    private final Counters counters;
    private final AtomicBoolean failing = new AtomicBoolean();

    /** @param what {@code spans} or {@code windows} */
    Deliveries(String what, String endpoint, Counters counters) {
        this.what = what;
        this.endpoint = endpoint;
        this.counters = counters;
    }

    /** One that there was no room for. */
    void dropped() {
        count(1, false);
    }

    void ended(int count, boolean success) {
        count(count, success);
        if (success && failing.compareAndSet(true, false)) {
            LOG.info("the collector at {} takes {} again", endpoint, what);
        } else if (!success && failing.compareAndSet(false, true)) {
            LOG.warn("the collector at {} takes no {}: they are dropped and counted until it does", endpoint, what);
        }
    }

    private void count(int count, boolean success) {
        counters.add((success ? "otlp_taken_total" : "otlp_dropped_total") + "{what=\"" + what + "\"}", count);
    }
}
