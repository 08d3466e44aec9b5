package io.sonde.probe;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;

/** A socket that knows when its first byte was written: a handshake begins with that, not with the making of its keys. */
final class StampedSocket extends Socket {
    private volatile boolean written;
    private volatile long firstWriteNanos;

    /** {@link System#nanoTime()} just before the first write; meaningless before it. */
    long firstWriteNanos() {
        return firstWriteNanos;
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new FilterOutputStream(super.getOutputStream()) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                stamp();
                out.write(bytes, offset, length);
            }

            @Override
            public void write(int single) throws IOException {
                stamp();
                out.write(single);
            }
        };
    }

    private void stamp() {
        if (!written) {
            firstWriteNanos = System.nanoTime();
            written = true;
        }
    }
}
