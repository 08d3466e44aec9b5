package io.sonde.probe;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queue on disk: what was appended is handed out in order until the node has answered for it. When nothing is under way,
 * {@code appended + waiting at the start = settled + lost + waiting}. For one thread.
 */
final class Spool implements Closeable {
    /** The smallest queue: the largest event fits into a sixteenth of it. */
    static final long LEAST_BYTES = 512 * 1024;

    /** Hears of events that are gone and were not sent. */
    interface Losses {
        void lost(String reason, long count);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);

    private final SpoolFolder folder;
    private final Losses losses;
    private final ReadPosition position;
    private final Segments segments;
    private long taken;
    private long handedOut;

    private Spool(SpoolFolder folder, long limit, Losses losses) throws IOException {
        this.folder = folder;
        this.losses = losses;
        this.position = ReadPosition.in(folder.path());
        this.taken = position.known();
        this.handedOut = taken;
        this.segments = Segments.recover(folder, limit, taken, this::onDropped);
        losses.lost("queue_put_aside", segments.putAside());
        this.taken = Math.max(taken, segments.oldest());
        this.handedOut = taken;
        segments.forgetBefore(taken);
    }

    /**
     * @param limit bytes that the folder never exceeds, in whole blocks of 4 KiB
     * @throws IOException saying what to do
     */
    static Spool open(Path path, long limit, Losses losses) throws IOException {
        SpoolFolder folder = SpoolFolder.open(path);
        try {
            return new Spool(folder, limit, losses);
        } catch (IOException e) {
            folder.close();
            throw new IOException("the event queue in " + path + " cannot be opened: " + e, e);
        }
    }

    /** As {@link Segments#append}. */
    void append(List<String> events) throws IOException {
        segments.append(events);
    }

    /** The oldest events; the same again until they are settled or given back. */
    Batch peek(int most) {
        Batch batch = segments.read(taken, most);
        handedOut = batch.end();
        if (batch.events().isEmpty() && batch.unreadable() > 0) {
            settle(batch);
        }
        return batch;
    }

    /** The node has answered for these. They come again only after a crash, if it was before this was written. */
    void settle(Batch batch) {
        losses.lost("queue_unreadable", batch.unreadable());
        taken = batch.end();
        giveBack();
        try {
            segments.forgetBefore(taken);
            position.write(taken);
        } catch (IOException e) {
            LOG.debug("how far the queue is taken cannot be written; after a restart some is sent again", e);
        }
    }

    /** What was handed out comes again, as far as it was not dropped meanwhile. */
    void giveBack() {
        long oldest = segments.oldest();
        if (oldest > taken) {
            losses.lost("queue_full", Math.min(oldest, handedOut) - taken);
            taken = oldest;
        }
        handedOut = taken;
    }

    long waiting() {
        return segments.next() - Math.max(handedOut, segments.oldest()) + handedOut - taken;
    }

    /** What the folder occupies, in whole blocks. */
    long bytes() throws IOException {
        return segments.bytes();
    }

    /** Whether a power cut could cost events that wait. */
    boolean isExposed() {
        return !segments.isSynced() && waiting() > 0;
    }

    /** From here on a power cut costs nothing of what was appended. */
    void sync() throws IOException {
        if (isExposed()) {
            segments.sync();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            sync();
            segments.close();
            position.close();
        } finally {
            folder.close();
        }
    }

    /** What is under way may still arrive; it is judged when it does or does not. */
    private void onDropped(long from, long end) {
        losses.lost("queue_full", Math.max(0, end - Math.max(handedOut, from)));
        if (handedOut == taken) {
            taken = Math.max(taken, end);
            handedOut = taken;
        }
    }
}
