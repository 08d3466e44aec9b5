package io.sonde.probe;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the agent has done since its start. Of every run one event is made; of the events
 * {@code made + waiting at the start = accepted + duplicate + late + refused + dropped + waiting}.
 */
final class AgentCounters {
    /** Runs, by what became of them. */
    enum Runs {
        SUCCEEDED,
        FAILED,
        /** The one before was still under way, or its time was over when the machine woke up. */
        SKIPPED,
        /** Left out because the target keeps failing. */
        HELD_BACK,
        /** Started over 100 ms after their time. */
        BEHIND
    }

    private static final long BEHIND_MS = 100;

    private final Map<Runs, LongAdder> runs = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> events = new ConcurrentHashMap<>();
    /** By prefix, the reasons that have been shown. */
    private final Map<String, Set<String>> shown = new HashMap<>();

    private final AtomicLong mostBehindMs = new AtomicLong();
    private final AtomicLong waiting = new AtomicLong();
    private final AtomicInteger slowed = new AtomicInteger();

    void ran(boolean successful, long behindMs) {
        add(successful ? Runs.SUCCEEDED : Runs.FAILED, 1);
        if (behindMs > BEHIND_MS) {
            add(Runs.BEHIND, 1);
        }
        mostBehindMs.accumulateAndGet(behindMs, Math::max);
    }

    void skipped(long count) {
        add(Runs.SKIPPED, count);
    }

    void heldBack(long count) {
        add(Runs.HELD_BACK, count);
    }

    /** @param targets how many are measured less often at the moment */
    void slowed(int targets) {
        slowed.set(targets);
    }

    void taken(Outcome.Taken taken) {
        event("accepted", taken.accepted());
        event("duplicate", taken.duplicate());
        event("late", taken.late());
        event("refused", taken.refused());
    }

    void dropped(String reason, long count) {
        event("dropped_" + reason, count);
    }

    void writeFailed() {
        event("write_failed", 1);
    }

    void retried(String reason) {
        event("retry_" + reason, 1);
    }

    long count(Runs kind) {
        LongAdder count = runs.get(kind);
        return count == null ? 0 : count.sum();
    }

    /** {@code accepted}, {@code refused}, {@code dropped_http_401}, {@code retry_http_503}, … */
    long count(String kind) {
        LongAdder count = events.get(kind);
        return count == null ? 0 : count.sum();
    }

    /** How many targets are measured less often at the moment. */
    int slowed() {
        return slowed.get();
    }

    void waiting(long events) {
        waiting.set(events);
    }

    /** How many events waited to be sent when that last changed. */
    long waiting() {
        return waiting.get();
    }

    /**
     * The counts whose names begin with {@code prefix}, by the rest of the name; what are more than the {@code most} that
     * were asked for first is one, or a count would jump from one name to another.
     */
    synchronized Map<String, Long> reasons(String prefix, int most, String others) {
        Set<String> known = shown.computeIfAbsent(prefix, any -> new HashSet<>());
        Map<String, Long> reasons = new TreeMap<>();
        new TreeMap<>(events).forEach((kind, count) -> {
            if (kind.startsWith(prefix)) {
                String reason = kind.substring(prefix.length());
                boolean own = known.contains(reason) || (known.size() < most && known.add(reason));
                reasons.merge(own ? reason : others, count.sum(), Long::sum);
            }
        });
        return reasons;
    }

    /** For the log, once a minute. */
    String line(long waiting) {
        var line = new StringBuilder("runs:");
        for (Runs kind : Runs.values()) {
            line.append(' ')
                    .append(kind.name().toLowerCase(Locale.ROOT))
                    .append('=')
                    .append(count(kind));
        }
        line.append(" most_behind_ms=").append(mostBehindMs.getAndSet(0));
        line.append(" slowed_targets=").append(slowed.get()).append("; events:");
        new TreeMap<>(events)
                .forEach((kind, count) ->
                        line.append(' ').append(kind).append('=').append(count.sum()));
        return line.append(" waiting=").append(waiting).toString();
    }

    private void add(Runs kind, long count) {
        runs.computeIfAbsent(kind, key -> new LongAdder()).add(count);
    }

    private void event(String kind, long count) {
        if (count > 0) {
            events.computeIfAbsent(kind, key -> new LongAdder()).add(count);
        }
    }
}
