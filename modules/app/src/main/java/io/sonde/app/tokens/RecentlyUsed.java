package io.sonde.app.tokens;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** A map that forgets what was not asked for the longest once it is full. Safe for all threads. */
final class RecentlyUsed<K, V> {
    private final Map<K, V> entries = new LinkedHashMap<>(16, 0.75f, true);
    private final int max;

    RecentlyUsed(int max) {
        this.max = max;
    }

    synchronized Optional<V> get(K key) {
        return Optional.ofNullable(entries.get(key));
    }

    synchronized void put(K key, V value) {
        entries.put(key, value);
        if (entries.size() > max) {
            entries.remove(entries.keySet().iterator().next());
        }
    }

    synchronized void remove(K key) {
        entries.remove(key);
    }

    synchronized void removeIf(Predicate<V> which) {
        entries.values().removeIf(which);
    }

    synchronized int size() {
        return entries.size();
    }
}
