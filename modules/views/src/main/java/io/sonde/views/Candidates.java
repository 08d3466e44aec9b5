package io.sonde.views;

import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.stream.IntStream;

/** Series that may be among the worst, those first that may be the worst; nearly all stay in the sieve. */
final class Candidates {
    private static final int AT_FIRST = 64;

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

    /** What has been seen sets the limit for as many again: so of any stretch about as many are left as are wanted. */
    void addAll(List<MinuteTails> minutes) {
        Sieve sieve = new Sieve(query.lowest(), minutes);
        SeriesTails tails = new SeriesTails(minutes);
        int to;
        for (int from = 0; from < sieve.size(); from = to) {
            to = Math.min(sieve.size(), Math.max(AT_FIRST, 2 * from));
            IntStream left =
                    surely.size() < query.limit() ? IntStream.range(from, to) : sieve.left(from, to, surely.element());
            left.forEach(i -> {
                tails.to(sieve.series(i));
                add(tails);
            });
        }
    }

    private void add(SeriesTails tails) {
        double highest = tails.highest();
        double lowest = tails.lowest();
        queue.add(new Candidate(tails.series(), query.lowest() ? lowest : highest));
        surely.add(query.lowest() ? highest : lowest);
        if (surely.size() > query.limit()) {
            surely.remove();
        }
    }

    Queue<Candidate> queue() {
        return queue;
    }
}
