package io.sonde.views;

import io.sonde.core.SketchBin;
import java.util.PriorityQueue;
import java.util.Queue;

/** Series that may be among the worst, those first that may be the worst; of nearly all a glance says that they are not. */
final class Candidates {
    /** More than numbers are off by rounding. */
    private static final double ROUNDING = 1e-9;

    private final WorstQuery query;
    private final Queue<Candidate> queue;
    /** How bad the worst are at least, as many as are wanted, the best of them first. */
    private final PriorityQueue<Double> surely;

    /** How bad a series can be at most. */
    record Candidate(long series, double bound) {}

    Candidates(WorstQuery query) {
        this.query = query;
        queue = new PriorityQueue<>((a, b) -> query.compare(a.bound(), a.series(), b.bound(), b.series()));
        surely = new PriorityQueue<>((a, b) -> query.compare(b, 0, a, 0));
    }

    void addAll(Tails tails) {
        SeriesTails of = new SeriesTails(tails);
        for (int series = 0; series < tails.series(); series++) {
            of.to(series);
            add(of, tails.id(series));
        }
    }

    private void add(SeriesTails tails, long series) {
        if (surely.size() == query.limit() && isBetter(tails, surely.element())) {
            return;
        }
        double highest = tails.highest();
        double lowest = tails.lowest();
        queue.add(new Candidate(series, query.lowest() ? lowest : highest));
        surely.add(query.lowest() ? highest : lowest);
        if (surely.size() > query.limit()) {
            surely.remove();
        }
    }

    Queue<Candidate> queue() {
        return queue;
    }

    /** Values of one bin may become one: only what lies beyond the bin is better for sure. */
    private boolean isBetter(SeriesTails tails, double limit) {
        SketchBin bin = SketchBin.of(limit);
        return query.lowest()
                ? tails.isAbove(bin.highest() + Math.abs(bin.highest()) * ROUNDING)
                : tails.isBelow(bin.lowest() - Math.abs(bin.lowest()) * ROUNDING);
    }
}
