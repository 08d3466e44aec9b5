package io.sonde.probe;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** How much is sent next, and when, by what became of the requests before. */
final class Attempts {
    private final int most;
    private final Backoff backoff;
    private final Set<String> obstacles = new HashSet<>();
    private int failures;
    private int batch;

    Attempts(UploadSettings settings) {
        this.most = settings.batch();
        this.backoff = new Backoff(settings.backoffMin(), settings.backoffMax());
        this.batch = most;
    }

    /** How many events the next request may have. */
    int batch() {
        return batch;
    }

    boolean areFailing() {
        return failures > 0;
    }

    /** From now on at full pace, but only twice as much at a time as before. */
    void succeeded() {
        failures = 0;
        obstacles.clear();
        batch = Math.min(most, batch * 2);
    }

    void halve(int sent) {
        batch = Math.max(1, sent / 2);
    }

    /**
     * @param chance of 0 to 1
     * @return how long to wait
     */
    Duration failed(double chance) {
        failures++;
        return backoff.delay(failures, chance);
    }

    /** The same, as far as the node's wish is to be followed. */
    Duration failed(Outcome.Again again, double chance) {
        Duration own = failed(chance);
        Duration asked = again.retryAfter();
        if (asked == null || asked.isNegative()) {
            return own;
        }
        return again.isOverTheRate() ? backoff.obeying(asked, chance) : backoff.heeding(asked, chance);
    }

    /** Whether this is the first failure of its kind since the last success. */
    boolean isNew(String reason) {
        return obstacles.add(reason);
    }
}
