package io.sonde.views;

import io.sonde.core.ClosedWindows;
import io.sonde.core.Distribution;
import io.sonde.core.Judgement;
import io.sonde.core.Minute;
import io.sonde.core.SourceId;
import io.sonde.core.Summary;
import io.sonde.core.WindowAggregate;
import io.sonde.diagnosis.DiagnosisEvent.WindowsDiagnosed;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;

/** Closed windows of a kind with two measures and two error stages. */
final class Given {
    static final long START_MS = 1_763_632_800_000L;
    static final SourceId SOURCE = new SourceId("default", "some", "berlin-1", 0);

    private Given() {}

    static long minute(int number) {
        return START_MS + number * Minute.LENGTH_MS;
    }

    static Distribution distribution(double... values) {
        if (values.length == 0) {
            return Distribution.EMPTY;
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return new Distribution(
                sorted.length,
                sorted[0],
                sorted[sorted.length - 1],
                sorted[Summary.nearestRank(sorted.length, 0.5)],
                sorted[Summary.nearestRank(sorted.length, 0.95)],
                Summary.of(sorted, sorted.length));
    }

    /** Its revision is {@code values.length + errors}. */
    static WindowAggregate window(String target, long startMs, int errors, double... values) {
        return new WindowAggregate(
                target,
                startMs,
                values.length,
                List.of(0L, (long) errors),
                errors == 0 ? Map.of() : Map.of("1:timeout", (long) errors),
                List.of(distribution(values), Distribution.EMPTY));
    }

    static Diagnosed diagnosed(SourceId source, long startMs, long writtenMs, WindowAggregate... windows) {
        return new Diagnosed(
                new WindowsDiagnosed(
                        new ClosedWindows(source, startMs, Map.of("place", "office"), List.of(windows)),
                        Map.of("https://labelled.example/", new Judgement("dns-bound", 40, "qoe-1", List.of())),
                        List.of()),
                writtenMs);
    }

    static Diagnosed diagnosed(String target, int minute, int errors, double... values) {
        long startMs = minute(minute);
        return diagnosed(SOURCE, startMs, startMs + 63_000, window(target, startMs, errors, values));
    }

    static double[] someValues(long seed, int count) {
        Random random = new Random(seed);
        return LongStream.range(0, count)
                .mapToDouble(any -> Math.round(random.nextDouble() * 100_000) / 1_000.0)
                .toArray();
    }
}
