package io.sonde.qoe;

import java.util.HashMap;
import java.util.Map;

/** Counts the fields of a request that no version here knows, in bounded memory whatever is sent. */
final class UnknownFields {
    private static final int MAX_NAMES = 100;
    private static final int MAX_NAME_LENGTH = 64;
    /** Where fields go once there are {@link #MAX_NAMES} less this one. */
    private static final String OTHERS = "(others)";

    private final Map<String, Integer> counts = new HashMap<>();

    void count(String path) {
        String name = Texts.clean(path, MAX_NAME_LENGTH);
        boolean room = counts.size() < MAX_NAMES - 1 || counts.containsKey(name);
        counts.merge(room ? name : OTHERS, 1, Integer::sum);
    }

    Map<String, Integer> counts() {
        return counts;
    }
}
