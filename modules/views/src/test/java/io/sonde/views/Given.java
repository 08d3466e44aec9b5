package io.sonde.views;

import io.sonde.core.ClosedWindows;
import io.sonde.core.Distribution;
import io.sonde.core.Evidence;
import io.sonde.core.Judgement;
import io.sonde.core.Minute;
import io.sonde.core.Norm;
import io.sonde.core.SourceId;
import io.sonde.core.Summary;
import io.sonde.core.Verdict;
import io.sonde.core.WindowAggregate;
import io.sonde.diagnosis.DiagnosisEvent.WindowsDiagnosed;
import io.sonde.diagnosis.Incident;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
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
                        Map.of("https://labelled.example/", judgement(40, verdict("dns-bound", 31.5))),
                        List.of()),
                writtenMs);
    }

    static Diagnosed judged(
            SourceId source, long writtenMs, WindowAggregate window, Judgement judgement, Incident... incidents) {
        return new Diagnosed(
                new WindowsDiagnosed(
                        new ClosedWindows(source, window.startMs(), Map.of("place", "office"), List.of(window)),
                        Map.of(window.target(), judgement),
                        List.of(incidents)),
                writtenMs);
    }

    /** With one number held against a baseline, and a share held against none. */
    static Verdict verdict(String label, double observed) {
        return new Verdict(
                label,
                true,
                observed / 10,
                List.of(
                        new Evidence("some_p95", "ms", observed, new Norm(10, 0.1, 10), new Norm(11, 0, 1), 10.1 + 0.2),
                        new Evidence("a share", "", 0.75, Norm.NONE, Norm.NONE, 0.6)));
    }

    static Judgement judgement(int score, Verdict... verdicts) {
        String label = verdicts.length == 0 ? Judgement.HEALTHY : verdicts[0].label();
        return new Judgement(label, score, "rules-1", List.of(verdicts));
    }

    /** Open at odd versions, cleared at even ones. */
    static Incident incident(SourceId source, String target, int onsetMinute, long version) {
        boolean open = version % 2 == 1;
        String id = String.join(" ", source.tenant(), source.source(), target, Integer.toString(onsetMinute));
        return new Incident(
                UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8)).toString(),
                target,
                onsetMinute % 2 == 0 ? "dns-bound" : "server-bound",
                open ? Incident.State.OPEN : Incident.State.CLEARED,
                version,
                minute(onsetMinute),
                minute(onsetMinute + 2),
                minute(onsetMinute + 1 + (int) version),
                open ? 0 : minute(onsetMinute + 2 + (int) version),
                minute(onsetMinute + 1),
                verdict("dns-bound", 40.0 + version),
                "rules-1",
                List.of(
                        new Incident.Change(minute(onsetMinute), "dns-bound"),
                        new Incident.Change(minute(onsetMinute + 1), "healthy")));
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
