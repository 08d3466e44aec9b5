package io.sonde.windows;

import io.sonde.core.Batch;
import io.sonde.core.ClosedWindows;
import io.sonde.core.Kind;
import io.sonde.core.Minute;
import io.sonde.core.Packer;
import io.sonde.core.Receipt;
import io.sonde.core.Receipt.Unrecordable;
import io.sonde.core.Sample;
import io.sonde.core.SourceId;
import io.sonde.core.Unpacker;
import io.sonde.core.WindowAggregate;
import io.sonde.windows.WindowsEvent.SamplesAccepted;
import io.sonde.windows.WindowsEvent.WindowsSealed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The open windows of one source. {@link #decide} looks and {@link #apply} changes; both are deterministic, so a
 * replay gives the same. For each sample decided: accepted, duplicate or late, one of them.
 */
final class Windows {
    private static final int VERSION = 1;
    private static final int STEPS = 1_000;

    private final SourceId source;
    private final double patience;
    private final Kind kind;
    private final TreeMap<Long, Map<String, OpenWindow>> byStart = new TreeMap<>();
    private Map<String, String> attributes = Map.of();
    private long sealedBeforeMs = Long.MIN_VALUE;
    private long events;
    /** In open windows. */
    private long samples;

    private int eventsSinceSnapshot;
    private long samplesSinceSnapshot;
    /** Of samples in open windows. */
    private long mostSinceSnapshot;

    Windows(SourceId source, Kind kind) {
        this.source = source;
        this.patience = 1 - Math.floorMod(source.hashCode(), STEPS) / (2.0 * STEPS);
        this.kind = kind;
    }

    /** What a batch comes to; {@code events} is empty when it brings nothing new. */
    record Decision(List<WindowsEvent> events, Receipt receipt) {}

    Decision decide(Batch batch) {
        List<Sample> accepted = new ArrayList<>(batch.samples().size());
        Set<UUID> acceptedIds = new HashSet<>();
        List<Unrecordable> unrecordable = new ArrayList<>(0);
        int duplicate = 0;
        int late = 0;
        for (Sample sample : batch.samples()) {
            Optional<String> misfit = misfit(sample, batch.recvTsMs());
            if (misfit.isPresent()) {
                unrecordable.add(new Unrecordable(sample.id(), misfit.get()));
            } else if (Minute.isLate(sample.tsMs(), batch.recvTsMs())) {
                late++;
            } else if (isSealed(sample)) {
                // On time, yet its window is sealed: it was applied before that, or it comes by hand and too late.
                duplicate += batch.replay() ? 0 : 1;
                late += batch.replay() ? 1 : 0;
            } else if (has(sample) || (!acceptedIds.add(sample.id()) && isAmong(accepted, sample))) {
                duplicate++;
            } else {
                accepted.add(sample);
            }
        }
        List<WindowsEvent> events = accepted.isEmpty() ? List.of() : List.of(new SamplesAccepted(batch.with(accepted)));
        return new Decision(events, new Receipt(accepted.size(), duplicate, late, unrecordable, true));
    }

    Windows apply(WindowsEvent event) {
        event.applyTo(this);
        events++;
        eventsSinceSnapshot++;
        return this;
    }

    void count(Batch batch) {
        if (!batch.attributes().isEmpty()) {
            attributes = batch.attributes();
        }
        long lastMs = Long.MIN_VALUE;
        Map<String, OpenWindow> minute = Map.of();
        for (Sample sample : batch.samples()) {
            long startMs = Minute.startOf(sample.tsMs());
            if (startMs != lastMs) {
                lastMs = startMs;
                minute = byStart.computeIfAbsent(startMs, any -> new HashMap<>());
            }
            minute.computeIfAbsent(sample.target(), target -> new OpenWindow(target, startMs, kind))
                    .add(sample);
        }
        samples += batch.samples().size();
        mostSinceSnapshot = Math.max(mostSinceSnapshot, samples);
        samplesSinceSnapshot += batch.samples().size();
    }

    void forget(long beforeMs) {
        Map<Long, Map<String, OpenWindow>> sealed = byStart.headMap(beforeMs, false);
        sealed.values().forEach(windows -> windows.values().forEach(window -> samples -= window.revision()));
        sealed.clear();
        sealedBeforeMs = Math.max(sealedBeforeMs, beforeMs);
    }

    /** How many events made these windows since the source was first heard of: the sequence number of the last one. */
    long events() {
        return events;
    }

    WindowsSealed seal(long beforeMs) {
        return new WindowsSealed(beforeMs, byStart.tailMap(beforeMs, true).isEmpty());
    }

    boolean isEmpty() {
        return byStart.isEmpty();
    }

    /** How many samples the open windows count. */
    long samples() {
        return samples;
    }

    /** How many windows are open. */
    int open() {
        int open = 0;
        for (Map<String, OpenWindow> windows : byStart.values()) {
            open += windows.size();
        }
        return open;
    }

    /** The starts of the windows that are open, oldest first. */
    List<Long> starts() {
        return List.copyOf(byStart.keySet());
    }

    /** By target, how many events the windows of this start count. */
    Map<String, Long> revisions(long startMs) {
        Map<String, Long> revisions = new HashMap<>();
        byStart.getOrDefault(startMs, Map.of()).forEach((target, window) -> revisions.put(target, window.revision()));
        return revisions;
    }

    /** The windows of a start, those of the given targets. */
    ClosedWindows closed(long startMs, Set<String> targets) {
        List<WindowAggregate> windows = byStart.getOrDefault(startMs, Map.of()).values().stream()
                .filter(window -> targets.contains(window.target()))
                .map(OpenWindow::aggregate)
                .toList();
        return new ClosedWindows(source, startMs, attributes, windows);
    }

    /** All open windows of a target, oldest first. */
    List<WindowAggregate> of(String target) {
        List<WindowAggregate> found = new ArrayList<>();
        for (Map<String, OpenWindow> windows : byStart.values()) {
            OpenWindow window = windows.get(target);
            if (window != null) {
                found.add(window.aggregate());
            }
        }
        return found;
    }

    /**
     * Whether a snapshot is worth its writing: about as many samples have come since the last as were ever open in that time, so
     * that no sample is written much more than twice, whatever the rate. How many exactly is each source's own and changes with
     * no minute's end, or those that began together would all write theirs at the same time.
     *
     * @param leastEvents since the last, or somewhat fewer
     */
    boolean isSnapshotDue(int leastEvents) {
        return eventsSinceSnapshot >= leastEvents * patience && samplesSinceSnapshot >= mostSinceSnapshot * patience;
    }

    byte[] toSnapshot() {
        eventsSinceSnapshot = 0;
        samplesSinceSnapshot = 0;
        mostSinceSnapshot = samples;
        Packer to = new Packer(1024);
        to.u8(VERSION).count(events).signed(sealedBeforeMs).texts(attributes);
        to.count(byStart.values().stream().mapToInt(Map::size).sum());
        byStart.values().forEach(windows -> windows.values().forEach(window -> window.write(to)));
        return to.toBytes();
    }

    static Windows fromSnapshot(SourceId source, Kind kind, byte[] snapshot) {
        Unpacker from = new Unpacker(snapshot);
        from.version("open windows", VERSION);
        Windows windows = new Windows(source, kind);
        windows.events = from.count();
        windows.sealedBeforeMs = from.signed();
        windows.attributes = from.texts();
        for (int left = from.size(8); left > 0; left--) {
            OpenWindow window = OpenWindow.read(kind, from);
            windows.byStart
                    .computeIfAbsent(window.startMs(), any -> new HashMap<>())
                    .put(window.target(), window);
            windows.samples += window.revision();
        }
        return windows;
    }

    /** What the edge refuses, should it come by another way: applied, it would break the windows for good. */
    private Optional<String> misfit(Sample sample, long recvTsMs) {
        return sample.tsMs() - Minute.AHEAD_MS > recvTsMs
                ? Optional.of("its time is " + (sample.tsMs() - recvTsMs) + " ms ahead of its receipt")
                : kind.misfit(sample);
    }

    private boolean isSealed(Sample sample) {
        return Minute.startOf(sample.tsMs()) < sealedBeforeMs;
    }

    private boolean has(Sample sample) {
        Map<String, OpenWindow> windows = byStart.get(Minute.startOf(sample.tsMs()));
        OpenWindow window = windows == null ? null : windows.get(sample.target());
        return window != null && window.has(sample.id());
    }

    private static boolean isAmong(List<Sample> accepted, Sample sample) {
        return accepted.stream()
                .anyMatch(other -> other.id().equals(sample.id())
                        && other.target().equals(sample.target())
                        && Minute.startOf(other.tsMs()) == Minute.startOf(sample.tsMs()));
    }
}
