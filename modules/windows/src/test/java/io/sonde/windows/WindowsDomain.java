package io.sonde.windows;

import io.sonde.core.Batch;
import io.sonde.core.Kind;
import io.sonde.core.Measure;
import io.sonde.core.Minute;
import io.sonde.core.Sample;
import io.sonde.core.SourceId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.domains.DomainContextBase;

/** Samples that meet each other: few ids, few targets, times at the edges of windows and of lateness. */
final class WindowsDomain extends DomainContextBase {
    static final Kind KIND = new Kind(
            "qoe", "client_id", List.of(new Measure("dns", "ms"), new Measure("tcp", "ms")), List.of("DNS", "TCP"), 1);
    static final SourceId SOURCE = new SourceId("default", "qoe", "berlin-1", 0);
    static final long BASE_MS = 1_763_632_800_000L;

    @Provide
    Arbitrary<Sample> samples() {
        Arbitrary<UUID> ids = Arbitraries.oneOf(
                Arbitraries.longs().between(0, 30).map(n -> new UUID(0, n)),
                Arbitraries.longs().between(0, 30).map(n -> new UUID(n, 0)));
        return Combinators.combine(
                        ids,
                        Arbitraries.of("http://a/", "http://b/"),
                        times(),
                        values(),
                        values(),
                        Arbitraries.frequency(Tuple.of(4, Sample.SUCCESS), Tuple.of(1, 0), Tuple.of(1, 1)))
                .as((id, target, ts, dns, tcp, error) -> sample(id, target, ts, dns, tcp, error));
    }

    @Provide
    Arbitrary<Batch> batches() {
        return Combinators.combine(
                        samples().list().ofMaxSize(12),
                        Arbitraries.oneOf(
                                Arbitraries.longs().between(0, 60_000),
                                Arbitraries.of(0L, Minute.LATENESS_MS, Minute.LATENESS_MS + 1, 3 * Minute.LENGTH_MS)))
                .as((samples, delay) -> new Batch(SOURCE, BASE_MS + 60_000 + delay, Map.of(), samples, false));
    }

    private static Arbitrary<Long> times() {
        return Arbitraries.oneOf(
                Arbitraries.of(-1L, 0L, 59_999L, 60_000L, 119_999L, 120_000L).map(offset -> BASE_MS + offset),
                Arbitraries.longs().between(-180_000, 180_000).map(offset -> BASE_MS + offset));
    }

    private static Arbitrary<Double> values() {
        return Arbitraries.oneOf(
                Arbitraries.just(Double.NaN),
                Arbitraries.doubles().between(0, 1_000),
                Arbitraries.integers().between(0, 5).map(Integer::doubleValue));
    }

    private static Sample sample(UUID id, String target, long ts, double dns, double tcp, int error) {
        return new Sample(id, target, ts, new double[] {dns, tcp}, error, error < 0 ? "" : "timeout");
    }
}
