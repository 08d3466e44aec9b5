package io.sonde.bench;

import io.sonde.core.Sample;
import io.sonde.qoe.QoeKind;
import java.util.SplittableRandom;

/**
 * One measurement of a client, still without id and time.
 *
 * @param error index of the stage that failed, or {@link Sample#SUCCESS}
 */
record MadeUpEvent(
        String client,
        String target,
        int error,
        double dnsMs,
        double tcpMs,
        double tlsMs,
        double ttfbMs,
        double throughputKbps) {
    /** @param errors of a hundred events, how many failed */
    static MadeUpEvent of(String client, String target, int errors, SplittableRandom random) {
        return new MadeUpEvent(
                client,
                target,
                random.nextInt(100) < errors
                        ? random.nextInt(QoeKind.KIND.errorStages().size())
                        : Sample.SUCCESS,
                random.nextDouble(1, 30),
                random.nextDouble(5, 60),
                random.nextDouble(10, 90),
                random.nextDouble(20, 300),
                random.nextDouble(1_000, 90_000));
    }
}
