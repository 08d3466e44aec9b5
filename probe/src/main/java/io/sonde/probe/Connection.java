package io.sonde.probe;

import java.io.Closeable;
import java.net.Socket;

/**
 * A connection ready for a request.
 *
 * @param raw what is closed when time is up
 * @param socket what is talked to: {@code raw}, or TLS over it
 */
record Connection(Socket raw, Socket socket) implements Closeable {

    /** Without TLS's goodbye, which could wait for the other side. */
    @Override
    public void close() {
        Deadlines.closeQuietly(raw);
    }
}
