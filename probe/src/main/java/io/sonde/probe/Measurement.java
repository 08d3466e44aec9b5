package io.sonde.probe;

import io.sonde.qoe.NetworkContext;
import io.sonde.qoe.QoeEvent;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One measurement, ended.
 *
 * @param tsMs when it began, wall clock, epoch ms
 * @param dnsMs like every time: ms, positive, null when the stage did not happen
 * @param address that was connected to, null when none was found
 * @param status of the answer, null when it has none or failed by it
 * @param failure what ended it, null on success
 */
record Measurement(
        String target,
        long tsMs,
        @Nullable Double dnsMs,
        @Nullable Double tcpMs,
        @Nullable Double tlsMs,
        @Nullable Double ttfbMs,
        @Nullable Double throughputKbps,
        @Nullable String address,
        @Nullable Integer status,
        @Nullable StageFailed failure,
        Course course) {
    Measurement {
        Objects.requireNonNull(target);
        Objects.requireNonNull(course);
    }

    boolean successful() {
        return failure == null;
    }

    /** @param traceparent null when it is not followed */
    QoeEvent toEvent(UUID eventId, String clientId, NetworkContext context, @Nullable String traceparent) {
        return new QoeEvent(
                eventId,
                clientId,
                target,
                tsMs,
                context,
                dnsMs,
                tcpMs,
                tlsMs,
                ttfbMs,
                throughputKbps,
                failure == null ? null : failure.stage(),
                failure == null ? null : failure.type(),
                traceparent);
    }
}
