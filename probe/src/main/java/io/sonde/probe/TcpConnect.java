package io.sonde.probe;

import io.sonde.qoe.Stage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/** The TCP stage: one {@code connect} to one address, no second attempt. */
final class TcpConnect {
    private TcpConnect() {}

    static Timed<StampedSocket> open(InetAddress address, int port, Duration limit) throws StageFailed {
        var socket = new StampedSocket();
        try {
            socket.setTcpNoDelay(true);
            var endpoint = new InetSocketAddress(address, port);
            long start = System.nanoTime();
            socket.connect(endpoint, Math.toIntExact(limit.toMillis()));
            return Timed.since(start, socket);
        } catch (IOException e) {
            Deadlines.closeQuietly(socket);
            throw StageFailed.of(Stage.TCP, e);
        }
    }
}
