package io.sonde.core;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts by name; every name is a constant of the code or of a closed list, so their number is bounded. */
public final class Counters {
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    private final Accounts accounts = new Accounts(this);

    /** What became of the events, which is counted here too. */
    public Accounts accounts() {
        return accounts;
    }

    public void add(String name, long n) {
        if (n != 0) {
            named(name).add(n);
        }
    }

    /** The count itself, for those who add to it often. */
    LongAdder named(String name) {
        return counts.computeIfAbsent(name, any -> new LongAdder());
    }

    public void increment(String name) {
        add(name, 1);
    }

    public long count(String name) {
        LongAdder count = counts.get(name);
        return count == null ? 0 : count.sum();
    }

    /** All that moved so far, sorted by name. */
    public Map<String, Long> snapshot() {
        Map<String, Long> sorted = new TreeMap<>();
        counts.forEach((name, count) -> sorted.put(name, count.sum()));
        return sorted;
    }
}
