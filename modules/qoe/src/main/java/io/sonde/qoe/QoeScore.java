package io.sonde.qoe;

import io.sonde.core.Distribution;
import io.sonde.core.Judgement;
import io.sonde.core.WindowAggregate;
import java.util.function.ToIntFunction;

/**
 * Apdex of the total time, times 100: up to T satisfied, up to four times T tolerating and half, everything else and each
 * error frustrated (Apdex Technical Specification 1.1, §3).
 *
 * @param satisfiedMs T
 */
record QoeScore(double satisfiedMs) implements ToIntFunction<WindowAggregate> {
    private static final int TOLERATED = 4;

    @Override
    public int applyAsInt(WindowAggregate window) {
        Distribution total =
                window.measures().size() > QoeKind.TOTAL ? window.measures().get(QoeKind.TOTAL) : Distribution.EMPTY;
        long events = total.count() + window.error();
        if (events == 0) {
            return Judgement.NO_SCORE;
        }
        double good = total.count() == 0 ? 0 : total.count() * apdex(total);
        return (int) Math.round(100 * good / events);
    }

    private double apdex(Distribution total) {
        double satisfied = total.summary().shareUpTo(satisfiedMs);
        return (satisfied + total.summary().shareUpTo(TOLERATED * satisfiedMs)) / 2;
    }
}
