package io.sonde.edge;

/**
 * Token buckets by client, in a table that never grows. Of each it keeps when it is full again; one that is full says
 * nothing that an absent one does not say, and gives its place away. Where a row has no place left, newcomers share one
 * bucket, and take its debt along when they get a place of their own: nobody gets a fresh burst by crowding the table.
 *
 * <p>Not safe for threads: {@link ClientLimits} holds the lock.
 */
final class Buckets {
    private static final int PLACES = 8;
    private static final int ROW = PLACES + 1;

    private final int rows;
    private final long[] keys;
    private final long[] fullAt;
    /** The minute, and in the lower half how many targets were named in it. */
    private final long[] targets;

    /** @param rows a power of two; eight clients each */
    Buckets(int rows) {
        this.rows = rows;
        keys = new long[rows * ROW];
        fullAt = new long[rows * ROW];
        targets = new long[rows * ROW];
    }

    /**
     * The bucket of a client; good until the next call with a later time.
     *
     * @param key never 0
     */
    int find(long key, long now) {
        int first = (int) (key >>> 32 & rows - 1) * ROW;
        int shared = first + PLACES;
        int free = shared;
        for (int place = first; place < shared; place++) {
            if (keys[place] == key) {
                return place;
            }
            if (fullAt[place] <= now && (free == shared || targets[place] < targets[free])) {
                free = place;
            }
        }
        if (free != shared) {
            keys[free] = key;
            fullAt[free] = fullAt[shared];
            targets[free] = 0;
        }
        return free;
    }

    boolean isShared(int bucket) {
        return bucket % ROW == PLACES;
    }

    long fullAt(int bucket) {
        return fullAt[bucket];
    }

    void fullAt(int bucket, long then) {
        fullAt[bucket] = then;
    }

    int targets(int bucket, long minute) {
        return targets[bucket] >>> 32 == minute ? (int) targets[bucket] : 0;
    }

    void targets(int bucket, long minute, int named) {
        targets[bucket] = minute << 32 | named;
    }
}
