package io.sonde.diagnosis;

import io.sonde.core.ClosedWindows;
import io.sonde.core.Distribution;
import io.sonde.core.SourceId;
import io.sonde.core.Summary;
import io.sonde.core.WindowAggregate;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.DomainContextBase;

/** Closed windows that meet each other: few targets, few minutes, few revisions. */
final class DiagnosisDomain extends DomainContextBase {
    static final SourceId SOURCE = new SourceId("default", "qoe", "berlin-1", 0);
    static final long BASE_MS = 1_763_632_800_000L;

    private static final List<String> TARGETS = List.of("http://a/", "http://b/", "http://c/");

    @Provide
    Arbitrary<ClosedWindows> closedWindows() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, SeriesDiagnosis.REMEMBERED - 1),
                        Arbitraries.of(TARGETS).set().ofMinSize(1),
                        Arbitraries.integers().between(1, 4).list().ofSize(TARGETS.size()))
                .as((minute, targets, revisions) -> closed(
                        minute,
                        targets.stream()
                                .map(target -> window(minute, target, revisions.get(TARGETS.indexOf(target))))
                                .toList()));
    }

    static ClosedWindows closed(int minute, List<WindowAggregate> windows) {
        return new ClosedWindows(SOURCE, startMs(minute), Map.of("interface_type", "wifi"), windows);
    }

    /** Of as many events as its revision says: the first failed, the others took a millisecond more each. */
    static WindowAggregate window(int minute, String target, int revision) {
        double[] sorted = new double[revision - 1];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = i + 1;
        }
        Distribution dns = sorted.length == 0
                ? Distribution.EMPTY
                : new Distribution(
                        sorted.length,
                        1,
                        sorted.length,
                        sorted[Summary.nearestRank(sorted.length, 0.50)],
                        sorted[Summary.nearestRank(sorted.length, 0.95)],
                        Summary.of(sorted, sorted.length));
        return new WindowAggregate(
                target, startMs(minute), sorted.length, List.of(1L), Map.of("0:timeout", 1L), List.of(dns));
    }

    static long startMs(int minute) {
        return BASE_MS + minute * 60_000L;
    }
}
