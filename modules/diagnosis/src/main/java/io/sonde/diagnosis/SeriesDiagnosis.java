package io.sonde.diagnosis;

import io.sonde.core.Baselines;
import io.sonde.core.Judgement;
import io.sonde.core.Minute;
import io.sonde.core.Norm;
import io.sonde.core.Packer;
import io.sonde.core.SeriesId;
import io.sonde.core.Unpacker;
import io.sonde.core.Verdict;
import io.sonde.core.WindowAggregate;
import io.sonde.diagnosis.Diagnostics.Profile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is remembered of one series: its last windows and what was said of them, what is usual, what is open. */
final class SeriesDiagnosis {
    /** How many windows are known to have been judged. */
    static final int REMEMBERED = 10;
    /** Windows further apart than this many times their number do not make one incident. */
    private static final int GAPS = 3;

    private final TreeMap<Long, Judged> judged = new TreeMap<>();
    private final Map<String, Incident> open = new LinkedHashMap<>();
    private final Usual usual;

    SeriesDiagnosis() {
        this(new Usual());
    }

    private SeriesDiagnosis(Usual usual) {
        this.usual = usual;
    }

    boolean isNew(WindowAggregate window) {
        Judged before = judged.get(window.startMs());
        return before == null || before.revision() < window.revision();
    }

    long newestMs() {
        return judged.isEmpty() ? Long.MIN_VALUE : judged.lastKey();
    }

    Judgement judge(WindowAggregate window, Profile profile, List<Norm> sameHour) {
        DiagnosisSettings settings = profile.settings();
        if (window.total() < settings.minimumSamples()) {
            return profile.rules().insufficient();
        }
        Baselines baselines = usual.before(window.startMs(), settings, sameHour);
        boolean comparable = usual.windowsBefore(window.startMs()) >= settings.minimumWindows();
        return profile.rules().judge(window, baselines, comparable);
    }

    /** The incidents that this window opens, changes or ends, as they are then. */
    List<Incident> incidents(SeriesId series, WindowAggregate window, Judgement judgement, DiagnosisSettings settings) {
        NavigableMap<Long, Judged> all = new TreeMap<>(judged);
        Judged now = Judged.of(window, judgement);
        all.put(window.startMs(), now);
        List<Incident> changed = new ArrayList<>();
        for (Incident incident : open.values()) {
            Incident then = goesOn(incident, window.startMs(), now, all, settings);
            if (then.version() > incident.version()) {
                changed.add(then);
            }
        }
        opened(series, all, settings).ifPresent(changed::add);
        return changed;
    }

    /** What is open, when no window came any more. */
    List<Incident> silent(long nowMs) {
        return open.values().stream()
                .map(incident -> incident.ended(Incident.State.SILENT, nowMs))
                .toList();
    }

    void remember(WindowAggregate window, @Nullable Judgement judgement) {
        long startMs = window.startMs();
        if (judgement == null) {
            judged.put(startMs, Judged.unlabelled(window.revision()));
        } else {
            usual.learn(window, judgement, open.isEmpty());
            judged.put(startMs, Judged.of(window, judgement));
        }
        if (judged.size() > REMEMBERED) {
            judged.pollFirstEntry();
        }
    }

    void remember(Incident incident) {
        if (incident.isOpen()) {
            open.put(incident.label(), incident);
        } else {
            open.remove(incident.label());
        }
        if (incident.state() == Incident.State.ACCEPTED) {
            judged.replaceAll((startMs, one) -> Judged.unlabelled(one.revision()));
            usual.forget();
        }
    }

    private static Incident goesOn(
            Incident incident, long startMs, Judged now, NavigableMap<Long, Judged> all, DiagnosisSettings settings) {
        Incident then = incident.labelled(startMs, now.label());
        Optional<Verdict> again = now.grave(incident.label());
        if (again.isPresent()) {
            then = then.seen(startMs, again.get(), now.rules());
            boolean usualNow = again.get().isAgainstBaseline()
                    && startMs - incident.onsetMs() >= settings.acceptAfter().toMillis();
            return usualNow ? then.ended(Incident.State.ACCEPTED, startMs) : then;
        }
        List<Map.Entry<Long, Judged>> last =
                all.tailMap(incident.lastSeenMs(), false).descendingMap().entrySet().stream()
                        .limit(settings.clears())
                        .toList();
        boolean well = last.size() == settings.clears()
                && last.stream().allMatch(entry -> isQuiet(entry.getValue(), incident));
        return well
                ? then.ended(Incident.State.CLEARED, last.get(last.size() - 1).getKey())
                : then;
    }

    /** A window of failures says nothing of latencies, and one of which nothing can be said is no better. */
    private static boolean isQuiet(Judged one, Incident incident) {
        boolean failure = !incident.peak().isAgainstBaseline();
        boolean said = failure || !one.label().equals(Judgement.INSUFFICIENT_DATA);
        return said
                && one.grave(incident.label()).isEmpty()
                && one.grave().stream().allMatch(Verdict::isAgainstBaseline);
    }

    private Optional<Incident> opened(SeriesId series, NavigableMap<Long, Judged> all, DiagnosisSettings settings) {
        long longAgo = all.lastKey() - Minute.LENGTH_MS * GAPS * settings.among();
        Map<String, NavigableMap<Long, Verdict>> grave = new LinkedHashMap<>();
        all.descendingMap().entrySet().stream()
                .limit(settings.among())
                .filter(entry -> entry.getKey() > longAgo)
                .forEach(entry -> entry.getValue().first().ifPresent(verdict -> grave.computeIfAbsent(
                                verdict.label(), any -> new TreeMap<>())
                        .put(entry.getKey(), verdict)));
        return grave.entrySet().stream()
                .filter(label -> label.getValue().size() >= settings.opens() && !open.containsKey(label.getKey()))
                .findFirst()
                .map(label -> open(series, label.getKey(), label.getValue(), all));
    }

    private static Incident open(
            SeriesId series, String label, NavigableMap<Long, Verdict> grave, NavigableMap<Long, Judged> all) {
        long onsetMs = grave.firstKey();
        long peakMs = grave.entrySet().stream()
                .max(Map.Entry.comparingByValue((a, b) -> Double.compare(a.severity(), b.severity())))
                .orElseThrow()
                .getKey();
        Judged onset = Objects.requireNonNull(all.get(onsetMs));
        Incident incident = new Incident(
                Incident.id(series, label, onsetMs),
                series.target(),
                label,
                Incident.State.OPEN,
                1,
                onsetMs,
                all.lastKey(),
                grave.lastKey(),
                0,
                peakMs,
                Objects.requireNonNull(grave.get(peakMs)),
                onset.rules(),
                List.of(new Incident.Change(onsetMs, onset.label())));
        for (Map.Entry<Long, Judged> later : all.tailMap(onsetMs, false).entrySet()) {
            incident = incident.labelled(later.getKey(), later.getValue().label());
        }
        return incident;
    }

    void write(Packer to) {
        to.count(judged.size());
        judged.forEach((startMs, one) -> one.write(to.count(startMs)));
        usual.write(to);
        IncidentFormat.writeAll(List.copyOf(open.values()), to);
    }

    /** Of a release that had no rules. */
    static SeriesDiagnosis readRevisions(Unpacker from) {
        var series = new SeriesDiagnosis();
        for (int left = from.size(2); left > 0; left--) {
            series.judged.put(from.count(), Judged.unlabelled(from.count()));
        }
        return series;
    }

    static SeriesDiagnosis read(Unpacker from) {
        TreeMap<Long, Judged> judged = new TreeMap<>();
        for (int left = from.size(5); left > 0; left--) {
            judged.put(from.count(), Judged.read(from));
        }
        var series = new SeriesDiagnosis(Usual.read(from));
        series.judged.putAll(judged);
        IncidentFormat.readAll(from).forEach(incident -> series.open.put(incident.label(), incident));
        return series;
    }
}
