package io.sonde.edge;

import java.util.Arrays;

/**
 * Which clients have named which targets in this minute: a Bloom filter of a fixed size. It may take a new target for a named
 * one, which is to the client's advantage, and never the other way round. A million pairs: 1 in 90,000; ten million: 1 in 25.
 */
final class NamedTargets {
    private static final int PROBES = 4;

    private final long[] bits;
    private long minute;

    /** @param words of 64 bits; a power of two */
    NamedTargets(int words) {
        bits = new long[words];
    }

    boolean contains(long pair, long inMinute) {
        turnTo(inMinute);
        for (int probe = 0; probe < PROBES; probe++) {
            long bit = bit(pair, probe);
            if ((bits[word(bit)] & 1L << bit) == 0) {
                return false;
            }
        }
        return true;
    }

    void add(long pair, long inMinute) {
        turnTo(inMinute);
        for (int probe = 0; probe < PROBES; probe++) {
            long bit = bit(pair, probe);
            bits[word(bit)] |= 1L << bit;
        }
    }

    private void turnTo(long inMinute) {
        if (inMinute != minute) {
            Arrays.fill(bits, 0);
            minute = inMinute;
        }
    }

    private static long bit(long pair, int probe) {
        return (pair & 0xffffffffL) + probe * (pair >>> 32 | 1);
    }

    private int word(long bit) {
        return (int) (bit >>> 6 & bits.length - 1);
    }
}
