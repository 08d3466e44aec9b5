package io.sonde.views;

import io.sonde.core.Packer;
import io.sonde.core.Unpacker;
import java.util.BitSet;
import java.util.stream.IntStream;

/** Numbers of series, for {@code overview.series}: packed as runs of neighbours, so that of those that always measure it takes few bytes. */
final class SeriesSet {
    private static final int VERSION = 1;

    private final BitSet numbers;

    private SeriesSet(BitSet numbers) {
        this.numbers = numbers;
    }

    static SeriesSet of(BitSet numbers) {
        return new SeriesSet((BitSet) numbers.clone());
    }

    void addTo(BitSet all) {
        all.or(numbers);
    }

    IntStream stream() {
        return numbers.stream();
    }

    int size() {
        return numbers.cardinality();
    }

    /** Version, then of each run how far it is from the one before and how long it is. */
    byte[] toBytes() {
        Packer to = new Packer(64).u8(VERSION);
        int end = 0;
        for (int start = numbers.nextSetBit(0); start >= 0; start = numbers.nextSetBit(end)) {
            to.count(start - end);
            end = numbers.nextClearBit(start);
            to.count(end - start);
        }
        return to.toBytes();
    }

    static SeriesSet read(byte[] bytes) {
        Unpacker from = new Unpacker(bytes);
        from.version("series", VERSION);
        BitSet numbers = new BitSet();
        int end = 0;
        while (from.hasMore()) {
            int start = end + from.small();
            end = start + from.small();
            numbers.set(start, end);
        }
        return new SeriesSet(numbers);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SeriesSet that && numbers.equals(that.numbers);
    }

    @Override
    public int hashCode() {
        return numbers.hashCode();
    }

    @Override
    public String toString() {
        return numbers.toString();
    }
}
