package io.sonde.probe;

import org.jspecify.annotations.Nullable;

/** What one measurement has seen so far; belongs to the thread that measures. */
final class Sight {
    private final TargetUrl url;
    private final long tsMs;

    private @Nullable Double dnsMs;
    private @Nullable Double tcpMs;
    private @Nullable Double tlsMs;
    private @Nullable Double ttfbMs;
    private @Nullable Double throughputKbps;
    private @Nullable Integer status;
    private @Nullable String address;

    Sight(TargetUrl url, long tsMs) {
        this.url = url;
        this.tsMs = tsMs;
    }

    void resolved(Names.Resolved resolved) {
        address = resolved.address().getHostAddress();
        dnsMs = resolved.ms();
    }

    void connected(double ms) {
        tcpMs = ms;
    }

    void secured(double ms) {
        tlsMs = ms;
    }

    void firstByte(double ms) {
        ttfbMs = ms;
    }

    void answered(int with) {
        status = with;
    }

    void downloaded(double kbps) {
        throughputKbps = kbps;
    }

    Measurement ended(@Nullable StageFailed failure) {
        return new Measurement(url.text(), tsMs, dnsMs, tcpMs, tlsMs, ttfbMs, throughputKbps, address, status, failure);
    }
}
