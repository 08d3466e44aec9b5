package io.sonde.diagnosis;

import io.sonde.core.ClosedWindows;
import io.sonde.core.Judgement;
import io.sonde.core.Norm;
import io.sonde.core.Packer;
import io.sonde.core.Unpacker;
import io.sonde.core.UnreadableFormat;
import io.sonde.core.WindowAggregate;
import io.sonde.diagnosis.DiagnosisEvent.WindowsDiagnosed;
import io.sonde.diagnosis.Diagnostics.Profile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What has been judged of one source, and what is usual for each of its targets. A window older than the last {@value
 * SeriesDiagnosis#REMEMBERED} is judged again when it comes again, which its revision makes harmless.
 */
public final class Diagnoses {
    private static final int VERSION = 2;
    private static final long FORGET_TARGET_AFTER_MS = 24 * 60 * 60_000L;

    private final Map<String, SeriesDiagnosis> targets = new TreeMap<>();
    private long newestMs = Long.MIN_VALUE;
    private long events;

    Diagnoses() {}

    /**
     * The event that judges those windows whose revision is new; empty when none is. That no windows are given says that none
     * came until then: it ends what has been silent for too long.
     *
     * @param sameHour by target, by number
     */
    Optional<WindowsDiagnosed> decide(ClosedWindows closed, Diagnostics diagnostics, Map<String, List<Norm>> sameHour) {
        List<WindowAggregate> fresh =
                closed.windows().stream().filter(this::isNew).toList();
        if (fresh.isEmpty()) {
            List<Incident> over = closed.windows().isEmpty() ? silent(closed) : List.of();
            return over.isEmpty() ? Optional.empty() : Optional.of(new WindowsDiagnosed(closed, Map.of(), over));
        }
        Map<String, Judgement> judgements = new HashMap<>();
        List<Incident> incidents = new ArrayList<>(silent(closed));
        for (WindowAggregate window : fresh) {
            String target = window.target();
            Profile profile = diagnostics.of(target);
            SeriesDiagnosis series = Objects.requireNonNullElseGet(targets.get(target), SeriesDiagnosis::new);
            Judgement judgement = series.judge(window, profile, sameHour.getOrDefault(target, List.of()));
            judgements.put(target, judgement);
            incidents.addAll(series.incidents(closed.source().series(target), window, judgement, profile.settings()));
        }
        return Optional.of(new WindowsDiagnosed(
                new ClosedWindows(closed.source(), closed.startMs(), closed.attributes(), fresh, closed.traces()),
                judgements,
                incidents));
    }

    Diagnoses apply(DiagnosisEvent event) {
        event.applyTo(this);
        events++;
        return this;
    }

    void remember(WindowsDiagnosed diagnosed) {
        for (WindowAggregate window : diagnosed.closed().windows()) {
            targets.computeIfAbsent(window.target(), any -> new SeriesDiagnosis())
                    .remember(window, diagnosed.judgements().get(window.target()));
            newestMs = Math.max(newestMs, window.startMs());
        }
        for (Incident incident : diagnosed.incidents()) {
            SeriesDiagnosis series = targets.get(incident.target());
            if (series != null) {
                series.remember(incident);
            }
        }
        targets.values().removeIf(series -> isForgotten(series, newestMs));
    }

    /** How many events made this since the source was first heard of: the sequence number of the last one. */
    long events() {
        return events;
    }

    byte[] toSnapshot() {
        Packer to = new Packer(1024).u8(VERSION).count(events).count(targets.size());
        targets.forEach((target, series) -> series.write(to.text(target)));
        return to.toBytes();
    }

    static Diagnoses fromSnapshot(byte[] snapshot) {
        Unpacker from = new Unpacker(snapshot);
        int version = from.version("diagnoses", VERSION);
        Diagnoses diagnoses = new Diagnoses();
        diagnoses.events = from.count();
        for (int left = from.size(2); left > 0; left--) {
            String target = from.text();
            SeriesDiagnosis series = version == 1 ? SeriesDiagnosis.readRevisions(from) : SeriesDiagnosis.read(from);
            if (series.newestMs() == Long.MIN_VALUE) {
                throw new UnreadableFormat("a target of which no window was seen");
            }
            diagnoses.targets.put(target, series);
            diagnoses.newestMs = Math.max(diagnoses.newestMs, series.newestMs());
        }
        return diagnoses;
    }

    private boolean isNew(WindowAggregate window) {
        SeriesDiagnosis series = targets.get(window.target());
        return series == null || series.isNew(window);
    }

    /** Open incidents of targets of which nothing came for so long that they are forgotten now. */
    private List<Incident> silent(ClosedWindows closed) {
        Set<String> heardOf =
                closed.windows().stream().map(WindowAggregate::target).collect(Collectors.toSet());
        return targets.entrySet().stream()
                .filter(target ->
                        isForgotten(target.getValue(), closed.startMs()) && !heardOf.contains(target.getKey()))
                .flatMap(target -> target.getValue().silent(closed.startMs()).stream())
                .toList();
    }

    private static boolean isForgotten(SeriesDiagnosis series, long nowMs) {
        return series.newestMs() < nowMs - FORGET_TARGET_AFTER_MS;
    }
}
