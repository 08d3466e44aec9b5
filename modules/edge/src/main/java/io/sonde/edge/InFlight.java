package io.sonde.edge;

import io.sonde.core.Counters;
import io.sonde.core.Grant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What this node has in hand: bytes of bodies, and batches that the bus has not answered. Both are bounded, so that load
 * over capacity is told at once, and not after it has waited. Bytes of bodies that are still arriving are bounded by token
 * too: how long they stay is the sender's choice.
 */
final class InFlight {
    private final long maxBytes;
    private final long maxBatches;
    private final long maxArriving;
    private final Counters counters;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong batches = new AtomicLong();
    /** By token; those of which something is arriving. */
    private final ConcurrentMap<String, Long> arriving = new ConcurrentHashMap<>();

    InFlight(EdgeSettings settings, Counters counters) {
        this.maxBytes = settings.maxBytesInFlight();
        this.maxBatches = settings.maxBatchesInFlight();
        this.maxArriving = settings.maxBytesArriving();
        this.counters = counters;
    }

    /** Only asks: a body that is announced and does not come must keep nobody else out. */
    boolean hasRoomFor(long moreBytes) {
        return bytes.get() + moreBytes <= maxBytes;
    }

    /** What one request takes; used by one thread at a time. */
    Share share(Grant grant) {
        return new Share(grant.who());
    }

    /** Says, and counts, that there is no room; {@code of} what. */
    ProblemException full(String of) {
        counters.increment("edge_overload_total{of=\"" + of + "\"}");
        return new ProblemException(Problems.overloaded());
    }

    long bytes() {
        return bytes.get();
    }

    long batches() {
        return batches.get();
    }

    /** Tokens of which something is arriving. */
    int tokens() {
        return arriving.size();
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
        private final String token;
        private long heldBytes;
        private long arrivingBytes;
        private long heldBatches;

        private Share(String token) {
            this.token = token;
        }

        /** Bytes of a body of which more is to come; they count towards the token's until {@link #arrived}. */
        void takeArriving(long more) {
            arrivingBytes += more;
            if (arriving.merge(token, more, Long::sum) > maxArriving) {
                throw full("token");
            }
            takeBytes(more);
        }

        void arrived() {
            long all = arrivingBytes;
            arrivingBytes = 0;
            arriving.computeIfPresent(token, (same, sum) -> sum > all ? sum - all : null);
        }

        void takeBytes(long more) {
            if (!take(bytes, more, maxBytes)) {
                throw full("bytes");
            }
            heldBytes += more;
        }

        void takeBatches(int more) {
            if (!take(batches, more, maxBatches)) {
                throw full("batches");
            }
            heldBatches += more;
        }

        void giveBytesBack() {
            arrived();
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
