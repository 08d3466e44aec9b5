package io.sonde.views;

import java.util.Arrays;

/** Numbers 0, 1, 2, … for longs, in the order in which they are first seen. */
final class LongNumbers {
    private static final int EMPTY = -1;

    private int[] table = empty(1 << 11);
    private long[] seen = new long[1 << 10];
    private int size;
    private boolean isNew;

    int of(long value) {
        int at = slot(value);
        isNew = table[at] == EMPTY;
        if (isNew) {
            if (size == seen.length) {
                grow();
                at = slot(value);
            }
            seen[size] = value;
            table[at] = size++;
        }
        return table[at];
    }

    /** Whether the last one had not been seen before. */
    boolean isNew() {
        return isNew;
    }

    long get(int number) {
        return seen[number];
    }

    int size() {
        return size;
    }

    private int slot(long value) {
        int mask = table.length - 1;
        int at = (int) ((value * 0x9E3779B97F4A7C15L) >>> 32) & mask;
        while (table[at] != EMPTY && seen[table[at]] != value) {
            at = (at + 1) & mask;
        }
        return at;
    }

    /** The table stays half empty at most. */
    private void grow() {
        seen = Arrays.copyOf(seen, size * 2);
        table = empty(size * 4);
        for (int i = 0; i < size; i++) {
            table[slot(seen[i])] = i;
        }
    }

    private static int[] empty(int size) {
        int[] table = new int[size];
        Arrays.fill(table, EMPTY);
        return table;
    }
}
