package io.sonde.edge;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What this node has in hand: bytes of bodies, and batches that the bus has not answered. Both are bounded, so that load
 * over capacity is told at once, and not after it has waited.
 */
final class InFlight {
    private final long maxBytes;
    private final long maxBatches;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong batches = new AtomicLong();

    InFlight(EdgeSettings settings) {
        this.maxBytes = settings.maxBytesInFlight();
        this.maxBatches = settings.maxBatchesInFlight();
    }

    /** Only asks: a body that is announced and does not come must keep nobody else out. */
    boolean hasRoomFor(long moreBytes) {
        return bytes.get() + moreBytes <= maxBytes;
    }

    /** What one request takes; used by one thread at a time. */
    Share share() {
        return new Share();
    }

    long bytes() {
        return bytes.get();
    }

    long batches() {
        return batches.get();
    }

    private static boolean take(AtomicLong used, long more, long max) {
        if (used.addAndGet(more) <= max) {
            return true;
        }
        used.addAndGet(-more);
        return false;
    }

    /** Gives all back when it is closed. */
    final class Share implements AutoCloseable {
        private long heldBytes;
        private long heldBatches;

        private Share() {}

        /** False, and nothing taken, when the node has no room for them. */
        boolean takeBytes(long more) {
            boolean taken = take(bytes, more, maxBytes);
            heldBytes += taken ? more : 0;
            return taken;
        }

        /** False, and nothing taken, when the node has no room for them. */
        boolean takeBatches(int more) {
            boolean taken = take(batches, more, maxBatches);
            heldBatches += taken ? more : 0;
            return taken;
        }

        void giveBytesBack() {
            bytes.addAndGet(-heldBytes);
            heldBytes = 0;
        }

        @Override
        public void close() {
            giveBytesBack();
            batches.addAndGet(-heldBatches);
            heldBatches = 0;
        }
    }
}
