package io.sonde.probe;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads records one after the other. Where none begins it looks on byte by byte, so that a damaged record costs only itself;
 * JSON holds no zero byte and every frame does, so nothing inside of an event looks like a record.
 */
final class SpoolReader {
    private final ByteBuffer bytes;
    private long least;
    private int position;

    /** @param least sequence numbers below it are passed over */
    SpoolReader(ByteBuffer bytes, long least) {
        this.bytes = bytes;
        this.least = least;
        this.position = bytes.position();
    }

    /** Empty when no whole record follows. */
    Optional<HeldEvent> next() {
        for (int at = position; at + SpoolFormat.FRAME_BYTES <= bytes.limit(); at++) {
            int length = bytes.getInt(at);
            if (SpoolFormat.isRecord(bytes, at, length)) {
                position = at + SpoolFormat.FRAME_BYTES + length;
                long sequence = bytes.getLong(at + 8);
                if (sequence >= least) {
                    least = sequence + 1;
                    return Optional.of(new HeldEvent(sequence, text(at + SpoolFormat.FRAME_BYTES, length)));
                }
                at = position - 1;
            }
        }
        return Optional.empty();
    }

    /** Where the last record that was read or passed over ends. */
    int position() {
        return position;
    }

    private String text(int at, int length) {
        byte[] text = new byte[length];
        bytes.get(at, text);
        return new String(text, StandardCharsets.UTF_8);
    }
}
