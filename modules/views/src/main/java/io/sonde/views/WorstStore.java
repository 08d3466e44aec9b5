package io.sonde.views;

import io.sonde.core.Distribution;
import io.sonde.core.SeriesId;
import io.sonde.core.Unavailable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The worst series by the p95 of their merged windows. From the tails of the windows comes how bad each series can be at
 * most; in that order their windows are read and merged, until nobody who is left can be as bad as the last one wanted. To
 * be asked within one snapshot.
 */
final class WorstStore {
    /** Of these there are mostly enough; each further question asks for twice as many. */
    private static final int SERIES_AT_FIRST = 25;

    private static final int MOST_SERIES_AT_A_TIME = 400;

    /** An hour of 40,000 series. */
    private static final long MOST_BYTES_AT_A_TIME = 128L << 20;

    private final TailMemory remembered;

    WorstStore(TailMemory remembered) {
        this.remembered = remembered;
    }

    /** A series whose windows are merged. */
    private record Merged(long series, Distribution measure, List<MeasureTable.Minute> minutes) {}

    Worst worst(Connection connection, WorstQuery query) throws SQLException {
        Optional<Instant> keptFrom = KeptFromTable.tails(connection);
        if (keptFrom.isPresent() && query.fromMs() < keptFrom.get().toEpochMilli()) {
            return new Worst(List.of(), keptFrom.get().toEpochMilli());
        }
        Queue<Candidates.Candidate> candidates = candidates(connection, query);
        SortedSet<Merged> worst = new TreeSet<>((a, b) ->
                query.compare(a.measure().p95(), a.series(), b.measure().p95(), b.series()));
        int atATime = SERIES_AT_FIRST;
        while (!candidates.isEmpty() && !isComplete(worst, query, candidates.element())) {
            List<Long> next = new ArrayList<>();
            while (next.size() < atATime && !candidates.isEmpty()) {
                next.add(candidates.remove().series());
            }
            atATime = Math.min(2 * atATime, MOST_SERIES_AT_A_TIME);
            MeasureTable.minutes(connection, next, query)
                    .forEach((series, minutes) -> worst.add(new Merged(
                            series,
                            Merging.merge(minutes.stream()
                                    .map(MeasureTable.Minute::measure)
                                    .toList()),
                            minutes)));
            while (worst.size() > query.limit()) {
                worst.remove(worst.last());
            }
        }
        return named(connection, worst, query);
    }

    private Queue<Candidates.Candidate> candidates(Connection connection, WorstQuery query) throws SQLException {
        Optional<Set<Long>> some = SeriesTable.some(connection, query.series());
        List<MinuteTails> tails = new ArrayList<>();
        long bytes = 0;
        for (Map.Entry<TailMemory.Key, List<Long>> minute :
                TailTable.rows(connection, query).entrySet()) {
            MinuteTails all = tails(connection, minute.getKey(), minute.getValue());
            MinuteTails wanted = some.isPresent() ? all.only(some.get()::contains) : all;
            tails.add(wanted);
            bytes += wanted.bytes();
            if (bytes > MOST_BYTES_AT_A_TIME) {
                throw new Unavailable(
                        "that is more than can be ranked at a time: ask for less time or one target", 5, null);
            }
        }
        Candidates candidates = new Candidates(query);
        candidates.addAll(tails);
        return candidates.queue();
    }

    /** Only rows that are not remembered are read; all of them where one that is remembered is gone. */
    private MinuteTails tails(Connection connection, TailMemory.Key of, List<Long> rows) throws SQLException {
        TailMemory.Minute found = remembered.get(of);
        TailMemory.Minute known = new HashSet<>(rows).containsAll(found.rows()) ? found : TailMemory.Minute.NOTHING;
        List<Long> missing =
                rows.stream().filter(row -> !known.rows().contains(row)).toList();
        if (missing.isEmpty()) {
            return known.tails();
        }
        List<MinuteTails> parts = TailTable.read(connection, of, missing);
        parts.add(known.tails());
        MinuteTails tails = MinuteTails.merge(parts);
        remembered.put(of, new TailMemory.Minute(Set.copyOf(rows), tails));
        return tails;
    }

    private static boolean isComplete(SortedSet<Merged> worst, WorstQuery query, Candidates.Candidate next) {
        return worst.size() == query.limit()
                && query.compare(worst.last().measure().p95(), worst.last().series(), next.bound(), next.series()) <= 0;
    }

    private static Worst named(Connection connection, SortedSet<Merged> worst, WorstQuery query) throws SQLException {
        Map<Long, SeriesId> names =
                SeriesTable.named(connection, worst.stream().map(Merged::series).toList());
        List<Worst.Series> series = new ArrayList<>();
        for (Merged one : worst) {
            SeriesId name = Objects.requireNonNull(names.get(one.series()));
            MeasureTable.Minute peak = peak(one.minutes(), query);
            series.add(new Worst.Series(
                    one.series(),
                    name.source(),
                    name.target(),
                    one.measure(),
                    one.minutes().size(),
                    peak.startMs(),
                    peak.measure().p95()));
        }
        return new Worst(series, null);
    }

    /** Of equals the first. */
    private static MeasureTable.Minute peak(List<MeasureTable.Minute> minutes, WorstQuery query) {
        MeasureTable.Minute peak = minutes.get(0);
        for (MeasureTable.Minute minute : minutes) {
            if (query.compare(minute.measure().p95(), 0, peak.measure().p95(), 0) < 0) {
                peak = minute;
            }
        }
        return peak;
    }
}
