package io.sonde.bench;

import io.sonde.core.Minute;
import io.sonde.core.Sample;
import io.sonde.qoe.QoeKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How many events each window counts, and how many of them failed in which stage; what was sent or what is stored. */
final class WindowCounts {
    private static final int STAGES = QoeKind.KIND.errorStages().size();

    /** All events, then the failures by stage. */
    private final Map<Window, long[]> counts = new HashMap<>();

    record Window(String client, String target, long startMs) {
        static Window of(String client, String target, long tsMs) {
            return new Window(client, target, Minute.startOf(tsMs));
        }

        @Override
        public String toString() {
            return client + " " + target + " " + Instant.ofEpochMilli(startMs);
        }
    }

    /** @param error index of the stage, or {@link Sample#SUCCESS} */
    void count(Window window, int error, int events) {
        long[] count = counts.computeIfAbsent(window, any -> new long[1 + STAGES]);
        count[0] += events;
        if (error != Sample.SUCCESS) {
            count[1 + error] += events;
        }
    }

    /** @param errors one per stage */
    void put(Window window, long total, List<Long> errors) {
        long[] count = new long[1 + STAGES];
        count[0] = total;
        for (int i = 0; i < errors.size(); i++) {
            count[1 + i] = errors.get(i);
        }
        counts.put(window, count);
    }

    void addAll(WindowCounts others) {
        others.counts.forEach((window, more) -> {
            long[] count = counts.computeIfAbsent(window, any -> new long[more.length]);
            Arrays.setAll(count, i -> count[i] + more[i]);
        });
    }

    boolean isEmpty() {
        return counts.isEmpty();
    }

    int size() {
        return counts.size();
    }

    long events() {
        return counts.values().stream().mapToLong(count -> count[0]).sum();
    }

    /** The starts of the windows, oldest first. */
    SortedSet<Long> starts() {
        return counts.keySet().stream().map(Window::startMs).collect(Collectors.toCollection(TreeSet::new));
    }

    /** True where another holds more than this: counts only grow, so waiting will not help. */
    boolean isExceededBy(WindowCounts stored) {
        return stored.counts.entrySet().stream().anyMatch(entry -> {
            long[] expected = counts.get(entry.getKey());
            return expected == null || entry.getValue()[0] > expected[0];
        });
    }

    /** One line for each window that is not the same in both; empty when every one is. */
    List<String> differences(WindowCounts stored) {
        List<String> differences = new ArrayList<>();
        Set<Window> all = new LinkedHashSet<>(counts.keySet());
        all.addAll(stored.counts.keySet());
        for (Window window : all) {
            long[] expected = counts.get(window);
            long[] found = stored.counts.get(window);
            if (!Arrays.equals(expected, found)) {
                differences.add(window + ": acknowledged " + text(expected) + ", stored " + text(found));
            }
        }
        return differences;
    }

    private static String text(long @Nullable [] count) {
        return count == null
                ? "nothing"
                : count[0] + " events with errors by stage "
                        + Arrays.toString(Arrays.copyOfRange(count, 1, 1 + STAGES));
    }
}
