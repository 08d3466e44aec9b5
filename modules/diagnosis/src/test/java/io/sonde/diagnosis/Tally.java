package io.sonde.diagnosis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How well one label was said: of the truths how many were found and when, of the incidents how many were true. */
final class Tally {
    private int truths;
    private int found;
    private int incidents;
    private int matched;
    private final List<Integer> delays = new ArrayList<>();

    void missed() {
        truths++;
    }

    void found(int delay) {
        truths++;
        found++;
        delays.add(delay);
    }

    void incident(boolean isTrue) {
        incidents++;
        matched += isTrue ? 1 : 0;
    }

    void add(Tally other) {
        truths += other.truths;
        found += other.found;
        incidents += other.incidents;
        matched += other.matched;
        delays.addAll(other.delays);
    }

    /** Without what there was to find. */
    Tally incidentsAlone() {
        Tally alone = new Tally();
        alone.incidents = incidents;
        alone.matched = matched;
        return alone;
    }

    int truths() {
        return truths;
    }

    int untrue() {
        return incidents - matched;
    }

    /** 1 where there was nothing to find. */
    double recall() {
        return truths == 0 ? 1 : (double) found / truths;
    }

    /** 1 where nothing was said. */
    double precision() {
        return incidents == 0 ? 1 : (double) matched / incidents;
    }

    /** Windows after the first of the truth until the incident was open; of so large a part of those found at most this. */
    int delay(double part) {
        List<Integer> sorted = delays.stream().sorted().toList();
        return sorted.isEmpty() ? 0 : sorted.get(Math.max(0, (int) Math.ceil(part * sorted.size()) - 1));
    }

    String markdown() {
        return truths == 0
                ? String.format(Locale.ROOT, "– | – | %d | – | –", incidents)
                : found == 0
                        ? String.format(Locale.ROOT, "%d | %.3f | %d | – | –", truths, recall(), incidents)
                        : String.format(
                                Locale.ROOT,
                                "%d | %.3f | %d | %.3f | %d / %d",
                                truths,
                                recall(),
                                incidents,
                                precision(),
                                delay(0.50),
                                delay(0.95));
    }
}
