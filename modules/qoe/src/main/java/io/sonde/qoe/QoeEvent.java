package io.sonde.qoe;

import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One measurement of one target, as it is sent.
 *
 * @param tsMs when it began, at the client's clock, epoch ms
 * @param dnsMs resolver look-up, ms; like every stage null when it did not happen, never 0 for that
 * @param tcpMs {@code connect}, ms
 * @param tlsMs TLS handshake, ms (RFC 8446 §2)
 * @param httpTtfbMs from the request written to the first byte of the answer, ms
 * @param throughputKbps kbit/s over the body alone; the partial rate when the time limit cut it
 * @param errorStage which stage ended the measurement, null on success
 * @param errorType the kind of failure ({@code nxdomain}, {@code timeout}, …), null on success
 * @param traceparent of the span that measured it (W3C Trace Context), null when it is in no trace
 */
public record QoeEvent(
        UUID eventId,
        String clientId,
        String target,
        long tsMs,
        NetworkContext networkContext,
        @Nullable Double dnsMs,
        @Nullable Double tcpMs,
        @Nullable Double tlsMs,
        @Nullable Double httpTtfbMs,
        @Nullable Double throughputKbps,
        @Nullable Stage errorStage,
        @Nullable String errorType,
        @Nullable String traceparent) {
    public QoeEvent {
        Objects.requireNonNull(eventId);
        Objects.requireNonNull(clientId);
        Objects.requireNonNull(target);
        Objects.requireNonNull(networkContext);
    }

    /** One that is in no trace. */
    public QoeEvent(
            UUID eventId,
            String clientId,
            String target,
            long tsMs,
            NetworkContext networkContext,
            @Nullable Double dnsMs,
            @Nullable Double tcpMs,
            @Nullable Double tlsMs,
            @Nullable Double httpTtfbMs,
            @Nullable Double throughputKbps,
            @Nullable Stage errorStage,
            @Nullable String errorType) {
        this(
                eventId,
                clientId,
                target,
                tsMs,
                networkContext,
                dnsMs,
                tcpMs,
                tlsMs,
                httpTtfbMs,
                throughputKbps,
                errorStage,
                errorType,
                null);
    }
}
