package io.sonde.views;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * Checks that the read side is what the journal of closed windows says, window by window and incident by incident, that
 * hours, days and overviews are what their minutes come to, and that the journals have no gaps. Nodes may run meanwhile.
 */
public final class Verification {
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private final VerifyStore store;
    private final Duration keep;
    private final Clock clock;

    /**
     * @param dataSource connections whose statements may take long
     * @param keep how long windows and ended incidents are kept
     */
    public Verification(ActorSystem<?> system, DataSource dataSource, Duration keep, Clock clock) {
        this.store = new VerifyStore(dataSource, new EventFormat(system));
        this.keep = keep;
        this.clock = clock;
    }

    /** From the first day that is kept as a whole until now. */
    public Span everything() {
        long dayMs = Resolution.DAY.lengthMs();
        return new Span(Resolution.DAY.startOf(clock.millis() - keep.toMillis()) + dayMs, clock.millis() + dayMs);
    }

    /**
     * Blocks until it is done.
     *
     * @param span not before {@link #everything()}: what is older may be gone from the read side. Of what the journal does
     *     not cover any more nothing is compared; the result says from when on it was
     * @param wait how long the projections may take to copy what is journalled already
     * @param named how many differences are named
     */
    public Verified run(Span span, Duration wait, int named) throws SQLException, InterruptedException {
        boolean behind = !caughtUp(store.ends(), wait);
        Findings findings = new Findings(named);
        Span compared = store.verify(span, findings);
        return findings.done(compared, behind);
    }

    private boolean caughtUp(Map<Integer, JournalOffset> ends, Duration wait)
            throws SQLException, InterruptedException {
        long deadlineNs = System.nanoTime() + wait.toNanos();
        while (!store.copiedUpTo(ends)) {
            if (System.nanoTime() > deadlineNs) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY.toMillis());
        }
        return true;
    }
}
