package io.sonde.probe;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The files of the queue, oldest first, and the numbers of the events in them. When there is no room for more, the oldest
 * file goes.
 */
final class Segments implements Closeable {
    /** What a file may grow to, if the queue is large enough for sixteen of them. */
    static final int SEGMENT_LIMIT = 1024 * 1024;

    /** Hears that a file was dropped, with the numbers of the events in it. */
    interface Dropped {
        void dropped(long from, long end);
    }

    private static final int COUNT = 16;
    private static final int BLOCK = 4_096;
    /** JSON in one batch: well under the 1 MiB that a node takes. */
    private static final long BATCH_BYTES = 300_000;

    private final SpoolFolder folder;
    private final long limit;
    private final long segmentLimit;
    private final Dropped dropped;
    private final List<Segment> files;
    private final Set<Segment> unsynced = new LinkedHashSet<>();
    private final long putAside;
    private long next;

    private Segments(SpoolFolder folder, long limit, FoundSegments found, Dropped dropped) {
        this.folder = folder;
        this.limit = limit;
        this.segmentLimit = Math.min(SEGMENT_LIMIT, limit / COUNT);
        this.dropped = dropped;
        this.files = new ArrayList<>(found.files());
        this.next = found.next();
        this.putAside = found.putAside();
    }

    /** @param next the next event's number, if the files do not know of a later one */
    static Segments recover(SpoolFolder folder, long limit, long next, Dropped dropped) throws IOException {
        var segments = new Segments(folder, limit, FoundSegments.in(folder, next), dropped);
        while (segments.bytes() > limit && (folder.forgetAside() || segments.dropOldest())) {
            // Until what is left fits, should the limit be lower than it was.
        }
        return segments;
    }

    /** What a file of this size occupies. */
    static long blocks(long size) {
        return (size + BLOCK - 1) / BLOCK * BLOCK;
    }

    /**
     * Takes events from the head of {@code events} as far as it can write them.
     *
     * @throws IOException when the disk takes no more, such as a full one; the rest is left in {@code events}
     */
    void append(List<String> events) throws IOException {
        while (!events.isEmpty()) {
            Segment writer = writer(events.get(0));
            List<byte[]> fitting = fitting(events, segmentLimit - writer.size() - headBytes(writer));
            write(writer, fitting);
            events.subList(0, fitting.size()).clear();
        }
    }

    /** Events from number {@code from} on; numbers without an event could not be read. */
    Batch read(long from, int most) {
        List<HeldEvent> events = new ArrayList<>();
        long reached = from;
        for (Segment segment : List.copyOf(files)) {
            long end = end(segment);
            if (end > reached && events.size() < most) {
                boolean whole = read(segment, reached, most, events);
                reached = whole ? end : events.get(events.size() - 1).sequence() + 1;
                if (!whole) {
                    break;
                }
            }
        }
        return new Batch(events, from, reached);
    }

    /** Removes files whose events all have lower numbers, except the one that is written to. */
    void forgetBefore(long sequence) throws IOException {
        while (files.size() > 1 && end(files.get(0)) <= sequence) {
            remove(files.get(0));
        }
    }

    /** The lowest number there can be an event of. */
    long oldest() {
        return files.isEmpty() ? next : files.get(0).first();
    }

    /** How many events waited in files that were put aside at the start, and are not missed when the others are read. */
    long putAside() {
        return putAside;
    }

    /** The number of the next event to be appended. */
    long next() {
        return next;
    }

    /** What the folder occupies, in whole blocks. */
    long bytes() throws IOException {
        long bytes = blocks(ReadPosition.BYTES) + folder.asideBytes();
        for (Segment segment : files) {
            bytes += blocks(segment.size());
        }
        return bytes;
    }

    boolean isSynced() {
        return unsynced.isEmpty();
    }

    /** From here on a power cut costs nothing of what was appended. */
    void sync() throws IOException {
        for (Segment segment : unsynced) {
            segment.force();
        }
        unsynced.clear();
        folder.force();
    }

    @Override
    public void close() throws IOException {
        for (Segment segment : files) {
            segment.close();
        }
    }

    /** The newest file, or another one when the event has no room in it. */
    private Segment writer(String event) throws IOException {
        if (!files.isEmpty()) {
            Segment newest = files.get(files.size() - 1);
            int length = event.getBytes(StandardCharsets.UTF_8).length;
            if (newest.size() + headBytes(newest) + SpoolFormat.FRAME_BYTES + length <= segmentLimit) {
                return newest;
            }
            newest.close();
        }
        Segment segment = Segment.starting(folder.path(), next);
        files.add(segment);
        return segment;
    }

    private static int headBytes(Segment segment) {
        return segment.size() == 0 ? SpoolFormat.HEAD_BYTES : 0;
    }

    private static List<byte[]> fitting(List<String> events, long room) {
        List<byte[]> fitting = new ArrayList<>();
        long left = room;
        for (String event : events) {
            byte[] json = event.getBytes(StandardCharsets.UTF_8);
            left -= SpoolFormat.FRAME_BYTES + json.length;
            if (left < 0) {
                break;
            }
            fitting.add(json);
        }
        return fitting;
    }

    private void write(Segment writer, List<byte[]> events) throws IOException {
        int size = headBytes(writer);
        for (byte[] event : events) {
            size += SpoolFormat.FRAME_BYTES + event.length;
        }
        makeRoom(writer, size);
        ByteBuffer records = ByteBuffer.allocate(size);
        if (writer.size() == 0) {
            SpoolFormat.putHead(records);
        }
        long sequence = next;
        for (byte[] event : events) {
            SpoolFormat.putRecord(records, sequence++, event);
        }
        writer.append(records.flip());
        unsynced.add(writer);
        next = sequence;
    }

    private void makeRoom(Segment writer, int more) throws IOException {
        long grown = blocks(writer.size() + more) - blocks(writer.size());
        while (bytes() + grown > limit && (folder.forgetAside() || (files.get(0) != writer && dropOldest()))) {
            // Until there is room.
        }
    }

    /** @return false when there is none */
    private boolean dropOldest() throws IOException {
        if (files.isEmpty()) {
            return false;
        }
        Segment oldest = files.get(0);
        dropped.dropped(oldest.first(), end(oldest));
        remove(oldest);
        return true;
    }

    private void remove(Segment segment) throws IOException {
        files.remove(segment);
        unsynced.remove(segment);
        segment.delete();
    }

    private boolean read(Segment segment, long from, int most, List<HeldEvent> events) {
        try {
            return segment.read(from, most, BATCH_BYTES, events);
        } catch (IOException e) {
            files.remove(segment);
            unsynced.remove(segment);
            folder.putAside(segment, "cannot be read (" + e + ")");
            return true;
        }
    }

    /** The first number that is not in this file. */
    private long end(Segment segment) {
        int following = files.indexOf(segment) + 1;
        return following == files.size() ? next : files.get(following).first();
    }
}
