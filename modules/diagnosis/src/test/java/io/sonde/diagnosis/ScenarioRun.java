package io.sonde.diagnosis;

import io.sonde.core.Minute;
import io.sonde.core.WindowAggregate;
import io.sonde.testkit.Labelled;
import io.sonde.testkit.Labelled.Truth;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;

/** What the shipped rules and settings say of many series, held against what is true of them. */
final class ScenarioRun {
    /** An incident is that of a truth when it begins at most so long before it … */
    private static final long EARLY_MS = Minute.LENGTH_MS;
    /** … or after its end. */
    private static final long LATE_MS = 2 * Minute.LENGTH_MS;

    private final Map<String, Tally> labels = new TreeMap<>();
    private long windows;

    private ScenarioRun() {}

    /** @param series by number, from 0 */
    static ScenarioRun of(int count, IntFunction<Labelled> series) {
        var run = new ScenarioRun();
        for (int number = 0; number < count; number++) {
            run.judge(series.apply(number));
        }
        return run;
    }

    Map<String, Tally> labels() {
        return labels;
    }

    Tally all() {
        Tally all = new Tally();
        labels.values().forEach(all::add);
        return all;
    }

    double untruePerSeriesAndDay() {
        return all().untrue() / (windows / 1440.0);
    }

    private void judge(Labelled series) {
        Minutes minutes = new Minutes(Minutes.SHIPPED);
        series.windows().forEach(minutes::judge);
        windows += series.windows().size();
        Map<String, Incident> incidents = new LinkedHashMap<>();
        minutes.incidents.forEach(incident -> incidents.put(incident.id(), incident));
        for (Truth truth : series.truths()) {
            compare(truth, incidents.values(), series);
        }
        for (Incident incident : incidents.values()) {
            tally(incident.label()).incident(series.truths().stream().anyMatch(truth -> isOf(truth, incident)));
        }
    }

    private void compare(Truth truth, Collection<Incident> incidents, Labelled series) {
        incidents.stream()
                .filter(incident -> isOf(truth, incident))
                .mapToLong(Incident::openedMs)
                .min()
                .ifPresentOrElse(
                        openedMs -> tally(truth.label()).found(delay(truth, openedMs, series)),
                        tally(truth.label())::missed);
    }

    /** In windows that there were. */
    private static int delay(Truth truth, long openedMs, Labelled series) {
        return (int) series.windows().stream()
                .mapToLong(WindowAggregate::startMs)
                .filter(startMs -> startMs > truth.fromMs() && startMs <= openedMs)
                .count();
    }

    private static boolean isOf(Truth truth, Incident incident) {
        return incident.label().equals(truth.label())
                && incident.onsetMs() >= truth.fromMs() - EARLY_MS
                && incident.onsetMs() <= truth.toMs() + LATE_MS;
    }

    private Tally tally(String label) {
        return labels.computeIfAbsent(label, any -> new Tally());
    }
}
