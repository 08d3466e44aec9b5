package io.sonde.faults;

import java.time.Duration;

/**
 * How long the faults last: at full length with {@code -Dsonde.faults.full=true} ({@code make faults}), shorter in
 * {@code make test}. The seed is {@code -Dsonde.seed}, or any.
 */
final class Extent {
    static final boolean FULL = Boolean.getBoolean("sonde.faults.full");

    /** Of nodes under JetStream: what a killed one had fetched comes again sooner than in production. */
    static final String ACK_WAIT = "30s";
    /** Of a node alone in a short run: no shard moves, so it need not be longer than that takes. */
    static final String ACK_WAIT_ALONE = "10s";
    /** Of every node: a source that fell silent is looked after sooner than in production. */
    static final String SILENCE = "3s";

    private Extent() {}

    static int times(int quick, int full) {
        return FULL ? full : quick;
    }

    static Duration seconds(int quick, int full) {
        return Duration.ofSeconds(FULL ? full : quick);
    }

    static String ackWait(int nodes) {
        return FULL || nodes > 1 ? ACK_WAIT : ACK_WAIT_ALONE;
    }

    static long seed() {
        String given = System.getProperty("sonde.seed", "");
        return given.isBlank() ? System.nanoTime() : Long.parseLong(given.strip());
    }
}
