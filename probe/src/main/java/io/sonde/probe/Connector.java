package io.sonde.probe;

import java.net.Socket;
import java.time.Duration;

/** The stages up to a request: DNS, TCP and, for https, TLS. Nothing is pooled, cached or resumed. */
record Connector(Names names, Duration tcpLimit, TlsHandshake tls) {

    /** What was reached before a failure is in {@code seen}. */
    Connection open(TargetUrl url, Reach reach, Sight seen) throws StageFailed {
        Names.Resolved resolved = names.resolve(url.host());
        seen.resolved(resolved);
        reach.require(resolved.address());
        Timed<StampedSocket> tcp = TcpConnect.open(resolved.address(), url.port(), tcpLimit);
        seen.connected(tcp.ms());
        if (!url.secure()) {
            return new Connection(tcp.value(), tcp.value());
        }
        try {
            Timed<Socket> secured = tls.over(tcp.value(), url);
            seen.secured(secured.ms());
            return new Connection(tcp.value(), secured.value());
        } catch (StageFailed e) {
            Deadlines.closeQuietly(tcp.value());
            throw e;
        }
    }
}
