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
    private static final int TLS_RUNS = 150;

    private Rehearsal() {}

    /**
     * Returns after {@value #PLAIN_RUNS} runs, with TLS {@value #TLS_RUNS}, or when time is up; at once when this machine
     * allows no server on loopback.
     *
     * @param secure whether TLS is rehearsed
     * @param trust that the real measurements will use
     * @return how many runs it were
     */
    static int hold(Duration limit, boolean secure, Trust trust) {
        long end = System.nanoTime() + limit.toNanos();
        int wanted = secure ? TLS_RUNS : PLAIN_RUNS;
        int runs = 0;
        try (var stage = RehearsalStage.open(secure, trust);
                var probe = stage.probe()) {
            while (runs < wanted && System.nanoTime() < end) {
                probe.measure(stage.url(), runs % 10 == 1 ? Optional.of(stage.url()) : Optional.empty());
                runs++;
            }
        } catch (IOException | GeneralSecurityException e) {
            // Nothing is lost but the warmth.
        }
        return runs;
    }
}
