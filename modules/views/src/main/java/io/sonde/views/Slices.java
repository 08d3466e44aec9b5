package io.sonde.views;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** The journal of closed windows is followed in slices; a source's events are all in one, in order. */
final class Slices {
    /** As the index of the migration has it. */
    static final String OF_ROW = "(hashtext(persistence_id) & 15)";

    static final int COUNT = 16;

    private Slices() {}

    static List<Integer> all() {
        return IntStream.range(0, COUNT).boxed().toList();
    }

    /** The key of a slice's offset, {@code slice-00} to {@code slice-15}. */
    static String key(int slice) {
        return String.format(Locale.ROOT, "slice-%02d", slice);
    }
}
