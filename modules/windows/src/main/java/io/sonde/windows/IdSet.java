package io.sonde.windows;

import io.sonde.core.Packer;
import io.sonde.core.Unpacker;
import java.util.UUID;

/** A set of event ids in one flat array: 16 bytes an id, at most three quarters full, no object each. */
final class IdSet {
    private static final int SMALLEST = 8;

    /** High and low half in turn; (0, 0) is an empty slot, so that id is kept apart. */
    private long[] slots = new long[SMALLEST * 2];

    private int size;
    private boolean hasZero;

    int size() {
        return size;
    }

    boolean contains(UUID id) {
        long high = id.getMostSignificantBits();
        long low = id.getLeastSignificantBits();
        return (high == 0 && low == 0) ? hasZero : find(high, low) < 0;
    }

    /** False when it was there already. */
    boolean add(UUID id) {
        return add(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    void write(Packer to) {
        to.count(size);
        if (hasZero) {
            to.raw(0).raw(0);
        }
        for (int i = 0; i < slots.length; i += 2) {
            if (slots[i] != 0 || slots[i + 1] != 0) {
                to.raw(slots[i]).raw(slots[i + 1]);
            }
        }
    }

    static IdSet read(Unpacker from) {
        IdSet ids = new IdSet();
        for (int left = from.size(16); left > 0; left--) {
            ids.add(from.raw(), from.raw());
        }
        return ids;
    }

    private boolean add(long high, long low) {
        if (high == 0 && low == 0) {
            boolean fresh = !hasZero;
            hasZero = true;
            size += fresh ? 1 : 0;
            return fresh;
        }
        int slot = find(high, low);
        if (slot < 0) {
            return false;
        }
        slots[slot] = high;
        slots[slot + 1] = low;
        size++;
        if (size * 8 > slots.length * 3) {
            grow();
        }
        return true;
    }

    /** The empty slot where the id belongs, or -1 when it is there. */
    private int find(long high, long low) {
        int mask = slots.length - 1;
        int slot = ((int) Hash.of(high, low) << 1) & mask;
        while (slots[slot] != 0 || slots[slot + 1] != 0) {
            if (slots[slot] == high && slots[slot + 1] == low) {
                return -1;
            }
            slot = (slot + 2) & mask;
        }
        return slot;
    }

    private void grow() {
        long[] old = slots;
        slots = new long[old.length * 2];
        for (int i = 0; i < old.length; i += 2) {
            if (old[i] != 0 || old[i + 1] != 0) {
                int slot = find(old[i], old[i + 1]);
                slots[slot] = old[i];
                slots[slot + 1] = old[i + 1];
            }
        }
    }
}
