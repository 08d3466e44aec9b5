package io.sonde.core;

import java.util.Arrays;
import java.util.Objects;
import java.util.UUID;

/**
 * One event as the engine sees it.
 *
 * @param id names the event for ever: the same id is the same event
 * @param target what was measured
 * @param tsMs when, at the source's clock, epoch ms
 * @param values one per {@link Kind#measures()}, {@code NaN} where nothing was measured; owned by the sample, never changed
 * @param error index into {@link Kind#errorStages()} where it failed, or {@link #SUCCESS}
 * @param reason the type of the failure ({@code nxdomain}), empty on success
 */
@SuppressWarnings("ArrayRecordComponent") // one per event on the hot path; equality is by content
public record Sample(UUID id, String target, long tsMs, double[] values, int error, String reason) {
    public static final int SUCCESS = -1;

    public Sample {
        Objects.requireNonNull(id);
        Objects.requireNonNull(target);
        Objects.requireNonNull(values);
        Objects.requireNonNull(reason);
        if (error < SUCCESS) {
            throw new IllegalArgumentException("no such error stage: " + error);
        }
    }

    public boolean successful() {
        return error == SUCCESS;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sample that
                && id.equals(that.id)
                && target.equals(that.target)
                && tsMs == that.tsMs
                && Arrays.equals(values, that.values)
                && error == that.error
                && reason.equals(that.reason);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return "Sample[" + id + " " + target + " at " + tsMs + " " + Arrays.toString(values)
                + (successful() ? "" : " error " + error + " " + reason) + "]";
    }
}
