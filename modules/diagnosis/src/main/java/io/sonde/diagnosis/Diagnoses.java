package io.sonde.diagnosis;

import io.sonde.core.ClosedWindows;
import io.sonde.core.Packer;
import io.sonde.core.Rule;
import io.sonde.core.Unpacker;
import io.sonde.core.UnreadableFormat;
import io.sonde.core.Verdict;
import io.sonde.core.WindowAggregate;
import io.sonde.diagnosis.DiagnosisEvent.WindowsDiagnosed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What has been judged of one source: which revision of which window, for the last {@value #REMEMBERED} windows of each
 * target. A window older than these is judged again when it comes again, which its revision makes harmless.
 */
public final class Diagnoses {
    static final int REMEMBERED = 10;

    private static final int VERSION = 1;
    private static final long FORGET_TARGET_AFTER_MS = 24 * 60 * 60_000L;

    private final Map<String, TreeMap<Long, Long>> revisions = new HashMap<>();
    private long newestMs = Long.MIN_VALUE;
    private long events;

    Diagnoses() {}

    /** The event that judges those windows whose revision is new; empty when none is. */
    Optional<WindowsDiagnosed> decide(ClosedWindows closed, List<Rule> rules) {
        List<WindowAggregate> fresh =
                closed.windows().stream().filter(this::isNew).toList();
        if (fresh.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> labels = new HashMap<>();
        for (WindowAggregate window : fresh) {
            judge(window, rules).ifPresent(verdict -> labels.put(window.target(), verdict.label()));
        }
        return Optional.of(new WindowsDiagnosed(
                new ClosedWindows(closed.source(), closed.startMs(), closed.attributes(), fresh), labels));
    }

    Diagnoses apply(DiagnosisEvent event) {
        event.applyTo(this);
        events++;
        return this;
    }

    void remember(ClosedWindows closed) {
        for (WindowAggregate window : closed.windows()) {
            TreeMap<Long, Long> seen = revisions.computeIfAbsent(window.target(), any -> new TreeMap<>());
            seen.merge(window.startMs(), window.revision(), Math::max);
            if (seen.size() > REMEMBERED) {
                seen.pollFirstEntry();
            }
            newestMs = Math.max(newestMs, window.startMs());
        }
        revisions.values().removeIf(seen -> seen.lastKey() < newestMs - FORGET_TARGET_AFTER_MS);
    }

    /** How many events made this since the source was first heard of: the sequence number of the last one. */
    long events() {
        return events;
    }

    byte[] toSnapshot() {
        Packer to = new Packer(256).u8(VERSION).count(events).count(revisions.size());
        revisions.forEach((target, seen) -> {
            to.text(target).count(seen.size());
            seen.forEach((startMs, revision) -> to.count(startMs).count(revision));
        });
        return to.toBytes();
    }

    static Diagnoses fromSnapshot(byte[] snapshot) {
        Unpacker from = new Unpacker(snapshot);
        from.version("diagnoses", VERSION);
        Diagnoses diagnoses = new Diagnoses();
        diagnoses.events = from.count();
        for (int targets = from.size(2); targets > 0; targets--) {
            TreeMap<Long, Long> seen = new TreeMap<>();
            diagnoses.revisions.put(from.text(), seen);
            for (int windows = from.size(2); windows > 0; windows--) {
                seen.put(from.count(), from.count());
            }
            if (seen.isEmpty()) {
                throw new UnreadableFormat("a target of which no window was seen");
            }
            diagnoses.newestMs = Math.max(diagnoses.newestMs, seen.lastKey());
        }
        return diagnoses;
    }

    private boolean isNew(WindowAggregate window) {
        TreeMap<Long, Long> seen = revisions.get(window.target());
        return seen == null || seen.getOrDefault(window.startMs(), 0L) < window.revision();
    }

    private static Optional<Verdict> judge(WindowAggregate window, List<Rule> rules) {
        return rules.stream()
                .map(rule -> rule.judge(window))
                .flatMap(Optional::stream)
                .findFirst();
    }
}
