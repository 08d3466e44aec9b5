package io.sonde.edge;

import java.util.random.RandomGenerator;

/**
 * Texts as numbers, by a polynomial over the integers modulo 2^61 − 1 at a secret point: two texts of n characters meet with
 * a probability of n / 2^61, and whoever does not know the point cannot look for such a pair.
 */
record SecretHash(long point) {
    private static final long PRIME = (1L << 61) - 1;
    private static final int SEPARATOR = Character.MAX_VALUE + 1;

    static SecretHash random(RandomGenerator random) {
        return new SecretHash(random.nextLong(SEPARATOR + 1L, PRIME));
    }

    /** Never 0. */
    long of(String first, String second) {
        long hash = continued(continued(0, first) + SEPARATOR + 1, second);
        long spread = spread(hash);
        return spread == 0 ? 1 : spread;
    }

    /** {@code hash} of another text and this one. */
    long of(long hash, String text) {
        return spread(continued(hash & PRIME, text));
    }

    private long continued(long start, String text) {
        long hash = start;
        for (int i = 0; i < text.length(); i++) {
            hash = timesPoint(hash) + text.charAt(i) + 1;
        }
        return timesPoint(hash);
    }

    private long timesPoint(long factor) {
        long low = factor * point;
        long sum = (low & PRIME) + (low >>> 61 | Math.multiplyHigh(factor, point) << 3);
        return sum >= PRIME ? sum - PRIME : sum;
    }

    /** So that any of its bits may choose a place (the finalizer of SplitMix64). */
    private static long spread(long hash) {
        long mixed = (hash ^ hash >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }
}
