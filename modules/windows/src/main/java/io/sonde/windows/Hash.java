package io.sonde.windows;

/** Spreads event ids evenly, the same in every run: which samples are kept must not depend on the process. */
final class Hash {
    private Hash() {}

    /** The finaliser of MurmurHash3 over both halves. */
    static long of(long high, long low) {
        long h = high * 0x9E3779B97F4A7C15L ^ Long.rotateLeft(low, 32);
        h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
        h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return h ^ (h >>> 33);
    }
}
