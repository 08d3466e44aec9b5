package io.sonde.probe;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One file of the queue, named after the first sequence number it may hold; only the newest one is written to. */
final class Segment implements Closeable {
    static final String SUFFIX = ".events";

    private final Path file;
    private final long first;
    private long size;
    private long fromSequence;
    private int fromOffset = SpoolFormat.HEAD_BYTES;
    private @Nullable FileChannel channel;

    private Segment(Path file, long first, long size) {
        this.file = file;
        this.first = first;
        this.size = size;
        this.fromSequence = first;
    }

    /** The file itself is made by the first {@link #append}. */
    static Segment starting(Path folder, long first) {
        return new Segment(folder.resolve(String.format("%016x", first) + SUFFIX), first, 0);
    }

    static Segment existing(Path file) throws IOException {
        String name = file.getFileName().toString();
        long first = Long.parseUnsignedLong(name.substring(0, name.length() - SUFFIX.length()), 16);
        return new Segment(file, first, Files.size(file));
    }

    static boolean isName(String name) {
        return name.matches("[0-7][0-9a-f]{15}" + SUFFIX.replace(".", "\\."));
    }

    Path file() {
        return file;
    }

    long first() {
        return first;
    }

    /** Bytes of the file. */
    long size() {
        return size;
    }

    /** @return 0 when it is no segment at all */
    int version() throws IOException {
        if (size < SpoolFormat.HEAD_BYTES) {
            return 0;
        }
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            return SpoolFormat.version(filled(in, 0, SpoolFormat.HEAD_BYTES).getLong(0));
        }
    }

    /** Cuts off what is no whole record at the end. @return the sequence number after the last whole record */
    long cutTail() throws IOException {
        FileChannel out = writable();
        var reader = new SpoolReader(body(out, SpoolFormat.HEAD_BYTES), first);
        long next = endOfRecords(reader);
        size = (long) SpoolFormat.HEAD_BYTES + reader.position();
        out.truncate(size);
        return next;
    }

    /** @return the sequence number after the last record that can be recognised, whatever the head says */
    long recognisedEnd() throws IOException {
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            return endOfRecords(new SpoolReader(body(in, 0), first));
        }
    }

    private long endOfRecords(SpoolReader reader) {
        long next = first;
        for (Optional<HeldEvent> event = reader.next(); event.isPresent(); event = reader.next()) {
            next = event.get().sequence() + 1;
        }
        return next;
    }

    /** One write. When it fails, as on a full disk, the file is as it was before. */
    void append(ByteBuffer records) throws IOException {
        FileChannel out = writable();
        try {
            int length = records.remaining();
            for (long at = size; records.hasRemaining(); ) {
                at += out.write(records, at);
            }
            size += length;
        } catch (IOException e) {
            undo(out, e);
            throw e;
        }
    }

    /**
     * Adds events to {@code to}, from sequence number {@code from} on.
     *
     * @param bytes as much JSON as there is room for; one event always finds room in an empty list
     * @return whether the end of the file was reached
     */
    boolean read(long from, int most, long bytes, List<HeldEvent> to) throws IOException {
        if (size == 0) {
            return true;
        }
        int begin = from >= fromSequence ? fromOffset : SpoolFormat.HEAD_BYTES;
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            var reader = new SpoolReader(body(in, begin), from);
            long room = bytes;
            while (to.size() < most) {
                int before = reader.position();
                Optional<HeldEvent> event = reader.next();
                if (event.isEmpty()) {
                    return true;
                }
                room -= event.get().json().length();
                if (room < 0 && !to.isEmpty()) {
                    return false;
                }
                if (event.get().sequence() == from) {
                    fromSequence = from;
                    fromOffset = begin + before;
                }
                to.add(event.get());
            }
        }
        return false;
    }

    void force() throws IOException {
        if (Files.exists(file)) {
            writable().force(false);
        }
    }

    void delete() throws IOException {
        close();
        Files.deleteIfExists(file);
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }

    private void undo(FileChannel out, IOException failure) {
        try {
            out.truncate(size);
        } catch (IOException e) {
            // What was half written is cut at the next start, or passed over when it is read.
            failure.addSuppressed(e);
        }
    }

    private FileChannel writable() throws IOException {
        FileChannel open = channel;
        if (open == null || !open.isOpen()) {
            open = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            channel = open;
        }
        return open;
    }

    private ByteBuffer body(FileChannel in, int from) throws IOException {
        return filled(in, from, (int) Math.max(0, Math.min(size, Segments.SEGMENT_LIMIT) - from));
    }

    private ByteBuffer filled(FileChannel in, long from, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (in.read(bytes, from + bytes.position()) < 0) {
                throw new NoSuchFileException(file.toString(), null, "it is shorter than it was");
            }
        }
        return bytes.flip();
    }
}
