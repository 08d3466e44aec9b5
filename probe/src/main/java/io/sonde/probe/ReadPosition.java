package io.sonde.probe;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * Up to where the node has taken the queue: a sequence number, which only grows, written in turn to two places of one file,
 * so that a write that is torn leaves the one before.
 */
final class ReadPosition implements Closeable {
    /** What the file occupies. */
    static final long BYTES = 1_024;

    private static final long MAGIC = 0x534f_4e44_4550_0001L;
    private static final int SLOT_BYTES = 512;
    private static final int USED_BYTES = 20;

    private final FileChannel channel;
    private long known;
    private int slot;

    private ReadPosition(FileChannel channel) {
        this.channel = channel;
    }

    static ReadPosition in(Path folder) throws IOException {
        var position = new ReadPosition(FileChannel.open(
                folder.resolve("position"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE));
        position.read(0);
        position.read(1);
        return position;
    }

    /** 0 when nothing was taken, or when both places are unreadable: then all that is there is sent again. */
    long known() {
        return known;
    }

    void write(long sequence) throws IOException {
        known = sequence;
        ByteBuffer bytes = ByteBuffer.allocate(SLOT_BYTES);
        bytes.putLong(MAGIC).putLong(sequence);
        bytes.putInt(checksum(bytes));
        for (bytes.rewind(); bytes.hasRemaining(); ) {
            channel.write(bytes, (long) slot * SLOT_BYTES + bytes.position());
        }
        slot = 1 - slot;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void read(int from) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(USED_BYTES);
        int length = channel.read(bytes, (long) from * SLOT_BYTES);
        boolean good = length == USED_BYTES && bytes.getLong(0) == MAGIC && bytes.getInt(16) == checksum(bytes);
        if (good && bytes.getLong(8) > known) {
            known = bytes.getLong(8);
            slot = 1 - from;
        }
    }

    private static int checksum(ByteBuffer bytes) {
        var sum = new CRC32C();
        sum.update(bytes.duplicate().position(8).limit(16));
        return (int) sum.getValue();
    }
}
