package io.sonde.target;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;

/** The rate of one answer's body. Its pieces share one schedule, so that late ones do not add up. */
final class Throttle {
    private static final int PIECES_PER_S = 20;

    private final OutputStream out;
    private final int kbps;
    private long startNanos;
    private long bytes;

    /** @param kbps kbit/s, 0 for as fast as it goes */
    Throttle(OutputStream out, int kbps) {
        this.out = out;
        this.kbps = kbps;
    }

    boolean isOpen() {
        return kbps == 0;
    }

    void write(byte[] body, int from, int length) throws IOException, InterruptedException {
        int piece = isOpen() ? length : Math.max(1, kbps * 125 / PIECES_PER_S);
        for (int done = 0; done < length; done += piece) {
            int size = Math.min(piece, length - done);
            awaitTurnOf(size);
            out.write(body, from + done, size);
            out.flush();
        }
    }

    /** A piece is sent when its last byte is due, so that the whole takes what it takes at this rate. */
    private void awaitTurnOf(int size) throws InterruptedException {
        if (isOpen()) {
            return;
        }
        if (bytes == 0) {
            startNanos = System.nanoTime();
        }
        bytes += size;
        TimeUnit.NANOSECONDS.sleep(startNanos + bytes * 8_000_000 / kbps - System.nanoTime());
    }
}
