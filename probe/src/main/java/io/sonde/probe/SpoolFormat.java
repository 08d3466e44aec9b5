package io.sonde.probe;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * How a segment file of the queue is written, big-endian. Head: {@code SONDEQ} and the version in two bytes. Then records:
 * length of the event (4), CRC-32C (4) of all that follows it, sequence number (8), the event as JSON in UTF-8.
 */
final class SpoolFormat {
    static final int VERSION = 1;
    static final int HEAD_BYTES = 8;
    static final int FRAME_BYTES = 16;
    /** The longest event: a target of 2,048 characters, a client id and a label of 255, all escaped, fit. */
    static final int EVENT_LIMIT = 24 * 1024;

    private static final long MAGIC = 0x534f_4e44_4551_0000L;
    private static final long MAGIC_MASK = 0xffff_ffff_ffff_0000L;
    private static final int CHECKED_FROM = 8;

    private SpoolFormat() {}

    static void putHead(ByteBuffer out) {
        out.putLong(MAGIC | VERSION);
    }

    /** @return the version, 0 when these are not the first bytes of a segment */
    static int version(long head) {
        return (head & MAGIC_MASK) == MAGIC ? (int) (head & ~MAGIC_MASK) : 0;
    }

    static void putRecord(ByteBuffer out, long sequence, byte[] event) {
        int at = out.position();
        out.putInt(event.length).putInt(0).putLong(sequence).put(event);
        out.putInt(at + 4, checksum(out, at, event.length));
    }

    /** Whether a whole record of {@code length} bytes of event begins at {@code at}. */
    static boolean isRecord(ByteBuffer bytes, int at, int length) {
        return length > 0
                && length <= EVENT_LIMIT
                && at + FRAME_BYTES + length <= bytes.limit()
                && bytes.getInt(at + 4) == checksum(bytes, at, length);
    }

    private static int checksum(ByteBuffer bytes, int at, int length) {
        var sum = new CRC32C();
        sum.update(bytes.duplicate().limit(at + FRAME_BYTES + length).position(at + CHECKED_FROM));
        return (int) sum.getValue();
    }
}
