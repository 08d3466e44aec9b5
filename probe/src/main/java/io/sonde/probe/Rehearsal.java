package io.sonde.probe;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;

/**
 * The first runs of a fresh JVM, which are slow for its own reasons: measured against a server and a resolver inside this
 * process, and reported to nobody.
 */
final class Rehearsal {
    private static final int PLAIN_RUNS = 50;

    private Rehearsal() {}

    /**
     * Returns when time is up, or without TLS after {@value #PLAIN_RUNS} runs; at once when this machine allows no server
     * on loopback.
     *
     * @param secure whether TLS is rehearsed
     * @return how many runs it were
     */
    static int hold(Duration limit, boolean secure) {
        long end = System.nanoTime() + limit.toNanos();
        int runs = 0;
        try (var stage = RehearsalStage.open(secure);
                var probe = stage.probe()) {
            while (System.nanoTime() < end && (secure || runs < PLAIN_RUNS)) {
                probe.measure(stage.url(), runs % 10 == 1 ? Optional.of(stage.url()) : Optional.empty());
                runs++;
            }
        } catch (IOException | GeneralSecurityException e) {
            // Nothing is lost but the warmth.
        }
        return runs;
    }
}
