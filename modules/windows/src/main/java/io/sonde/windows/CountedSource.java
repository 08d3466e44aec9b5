package io.sonde.windows;

import io.sonde.core.Batch;
import io.sonde.core.ClosedWindows;

/** One source in what its node counts of all of its sources. */
final class CountedSource {
    private final WindowsMetrics metrics;
    /** Its open windows as they are counted; -1 while it is not. */
    private int open = -1;

    CountedSource(WindowsMetrics metrics) {
        this.metrics = metrics;
    }

    void recovered(Windows windows) {
        open = windows.open();
        metrics.open.inc(open);
        metrics.entities.inc();
        metrics.recoveries.inc();
    }

    void stopped() {
        if (open >= 0) {
            metrics.open.dec(open);
            metrics.entities.dec();
        }
    }

    void journalled(Windows windows, long nanos) {
        metrics.written(nanos);
        metrics.opened.inc(windows.open() - open);
        count(windows);
    }

    /** These are in the journal. */
    void accepted(Batch batch, long nowMs) {
        metrics.accepted.accept(batch, nowMs);
    }

    void closed(ClosedWindows closed, long nanos) {
        metrics.closed(closed.windows().size(), nanos);
    }

    /** @param again how many of the windows that were taken over had been before */
    void confirmed(long again) {
        metrics.revised.inc(again);
    }

    void sealed(Windows windows) {
        metrics.sealed.inc(open - windows.open());
        count(windows);
    }

    void passivates() {
        metrics.passivations.inc();
    }

    private void count(Windows windows) {
        int now = windows.open();
        metrics.open.inc(now - open);
        open = now;
    }
}
