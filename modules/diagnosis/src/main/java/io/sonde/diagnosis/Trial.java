package io.sonde.diagnosis;

import io.sonde.core.ClosedWindows;
import io.sonde.core.Minute;
import io.sonde.core.Norm;
import io.sonde.core.SourceId;
import io.sonde.core.WindowAggregate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;

/**
 * What stored windows would be labelled by some rules, and which incidents they would make. Judged by the code that judges
 * windows as they close; nothing is kept.
 *
 * @param windows by label, how many
 * @param incidents by label, how many were opened
 */
public record Trial(Map<String, Long> windows, Map<String, Long> incidents) {
    public static final Trial NONE = new Trial(Map.of(), Map.of());

    private static final long HOUR_MS = 60 * Minute.LENGTH_MS;

    public Trial {
        windows = Map.copyOf(windows);
        incidents = Map.copyOf(incidents);
    }

    /**
     * @param all windows of one target, by their starts
     * @param fromMs those before it are not counted: they only say what is usual
     * @param sameHour what is usual at an hour, by its start
     */
    public static Trial of(
            SourceId source,
            List<WindowAggregate> all,
            long fromMs,
            Diagnostics rules,
            LongFunction<List<Norm>> sameHour) {
        Map<String, Long> labels = new TreeMap<>();
        Map<String, Long> opened = new TreeMap<>();
        Diagnoses diagnoses = new Diagnoses();
        for (WindowAggregate window : all) {
            long startMs = window.startMs();
            var closed = new ClosedWindows(source, startMs, Map.of(), List.of(window));
            Map<String, List<Norm>> usual = Map.of(window.target(), sameHour.apply(startMs - startMs % HOUR_MS));
            diagnoses.decide(closed, rules, usual).ifPresent(diagnosed -> {
                diagnoses.apply(diagnosed);
                if (startMs >= fromMs) {
                    diagnosed.judgements().values().forEach(judgement -> add(labels, judgement.label(), 1L));
                    diagnosed.incidents().stream()
                            .filter(incident -> incident.openedMs() == startMs)
                            .forEach(incident -> add(opened, incident.label(), 1L));
                }
            });
        }
        return new Trial(labels, opened);
    }

    public Trial plus(Trial other) {
        Map<String, Long> labels = new TreeMap<>(windows);
        Map<String, Long> opened = new TreeMap<>(incidents);
        other.windows.forEach((label, count) -> add(labels, label, count));
        other.incidents.forEach((label, count) -> add(opened, label, count));
        return new Trial(labels, opened);
    }

    private static void add(Map<String, Long> counts, String label, long count) {
        counts.merge(label, count, Long::sum);
    }
}
