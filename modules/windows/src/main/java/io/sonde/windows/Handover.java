package io.sonde.windows;

import io.sonde.core.Batch;
import io.sonde.core.ClosedWindows;
import io.sonde.core.Minute;
import io.sonde.core.Sample;
import io.sonde.core.SourceId;
import io.sonde.core.WindowAggregate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.IntSupplier;

/**
 * What the subscriber has confirmed, and so what is still to be handed over. Kept in memory alone: after a restart
 * everything unsealed is handed over again, and its revision makes that harmless.
 */
final class Handover {
    /** How long after its end a window waits for events that are on their way. */
    static final long GRACE_MS = 2_000;
    /** How long a window rests between two revisions, and between two tries. */
    static final long REST_MS = 5_000;
    /** How long an answer is waited for; the subscriber gives up before that. */
    static final long ANSWER_LIMIT_MS = 30_000;
    /** How many windows go at a time: even with full sketches they fit into one message between nodes. */
    static final int AT_A_TIME = 50;

    /** Over how long the hand-overs of a node's sources are spread for each of them: together they leave room for what comes. */
    private static final int SPREAD_MS_EACH = 2;

    private static final int MOST_SPREAD_MS = 5_000;
    private static final int SHARES = 1_000;

    private final Map<Long, Progress> byStart = new HashMap<>();
    private final IntSupplier sources;
    private final int share;
    private boolean failing;

    /** @param sources of this node */
    Handover(SourceId source, IntSupplier sources) {
        this.sources = sources;
        this.share = Math.floorMod(source.hashCode(), SHARES);
    }

    private static final class Progress {
        private final Map<String, Long> confirmed = new HashMap<>();
        private long underWayUntilMs = Long.MIN_VALUE;
        private long notBeforeMs = Long.MIN_VALUE;
    }

    /** The next windows to hand over as of {@code nowMs}, oldest first; they count as under way from then on. */
    Optional<ClosedWindows> next(Windows windows, long nowMs) {
        for (long startMs : windows.starts()) {
            Progress progress = byStart.computeIfAbsent(startMs, any -> new Progress());
            if (progress.underWayUntilMs > nowMs || dueMs(startMs, progress) > nowMs) {
                continue;
            }
            Set<String> changed = changed(windows, startMs, progress);
            if (!changed.isEmpty()) {
                progress.underWayUntilMs = nowMs + ANSWER_LIMIT_MS;
                progress.notBeforeMs = changed.size() < AT_A_TIME ? nowMs + REST_MS : nowMs;
                return Optional.of(windows.closed(startMs, changed));
            }
        }
        return Optional.empty();
    }

    /** How many of them had been confirmed before, with fewer events. */
    int confirmed(ClosedWindows closed) {
        int revised = 0;
        failing = false;
        Progress progress = byStart.get(closed.startMs());
        if (progress != null) {
            progress.underWayUntilMs = Long.MIN_VALUE;
            for (WindowAggregate window : closed.windows()) {
                revised += progress.confirmed.containsKey(window.target()) ? 1 : 0;
                progress.confirmed.merge(window.target(), window.revision(), Math::max);
            }
        }
        return revised;
    }

    /** True when it is the first failure since the last confirmation, and so worth a word. */
    boolean failed(ClosedWindows closed, long nowMs) {
        Progress progress = byStart.get(closed.startMs());
        if (progress != null) {
            progress.underWayUntilMs = Long.MIN_VALUE;
            progress.notBeforeMs = nowMs + REST_MS;
        }
        boolean first = !failing;
        failing = true;
        return first;
    }

    /** Before which start everything may be sealed: past the watermark with its lateness, and confirmed as it is. */
    OptionalLong sealable(Windows windows, long watermarkMs) {
        if (windows.isEmpty() || watermarkMs == Long.MIN_VALUE) {
            return OptionalLong.empty();
        }
        long before = Minute.startOf(watermarkMs - 1 - Minute.LATENESS_MS);
        long first = windows.starts().get(0);
        for (long startMs : windows.starts()) {
            if (startMs < before
                    && !changed(windows, startMs, byStart.getOrDefault(startMs, new Progress()))
                            .isEmpty()) {
                before = startMs;
            }
        }
        return first < before ? OptionalLong.of(before) : OptionalLong.empty();
    }

    void sealed(long beforeMs) {
        byStart.keySet().removeIf(startMs -> startMs < beforeMs);
    }

    /** When to look again: the next hand-over, or the next chance that windows can be sealed. */
    OptionalLong wakeUpMs(Windows windows, long nowMs) {
        long earliest = Long.MAX_VALUE;
        for (long startMs : windows.starts()) {
            Progress progress = byStart.getOrDefault(startMs, new Progress());
            boolean toHandOver = progress.underWayUntilMs <= nowMs
                    && !changed(windows, startMs, progress).isEmpty();
            long at = toHandOver ? dueMs(startMs, progress) : Minute.endOf(startMs) + Minute.LATENESS_MS + spreadMs();
            earliest = Math.min(earliest, toHandOver ? at : Math.max(at, nowMs + REST_MS));
        }
        return earliest == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(earliest);
    }

    /** When the first window that a batch touches is due. */
    long dueMs(Batch batch) {
        long first = Long.MAX_VALUE;
        for (Sample sample : batch.samples()) {
            first = Math.min(first, sample.tsMs());
        }
        return firstDueMs(Minute.startOf(first));
    }

    private long dueMs(long startMs, Progress progress) {
        return Math.max(firstDueMs(startMs), progress.notBeforeMs);
    }

    private long firstDueMs(long startMs) {
        return Minute.endOf(startMs) + GRACE_MS + spreadMs();
    }

    /** Longer the more sources there are, so that a few are not kept waiting. */
    private long spreadMs() {
        return Math.min((long) sources.getAsInt() * SPREAD_MS_EACH, MOST_SPREAD_MS) * share / SHARES;
    }

    /** Targets with a revision that is not confirmed, as many as go at a time. */
    private static Set<String> changed(Windows windows, long startMs, Progress progress) {
        Set<String> changed = new HashSet<>();
        windows.revisions(startMs).forEach((target, revision) -> {
            if (changed.size() < AT_A_TIME && revision > progress.confirmed.getOrDefault(target, 0L)) {
                changed.add(target);
            }
        });
        return changed;
    }
}
