package io.sonde.diagnosis;

import com.typesafe.config.ConfigFactory;
import io.sonde.bench.SampleBatches;
import io.sonde.core.ClosedWindows;
import io.sonde.core.Distribution;
import io.sonde.core.Minute;
import io.sonde.core.SourceId;
import io.sonde.core.Summary;
import io.sonde.core.WindowAggregate;
import io.sonde.diagnosis.DiagnosisEvent.WindowsDiagnosed;
import io.sonde.qoe.QoeKind;
import io.sonde.qoe.QoeSignal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The windows of ten targets that have closed, after ten minutes like them. In this package, because the steps are. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DiagnosesBenchmark {
    private static final long START = 1_763_632_800_000L;
    private static final int LEARNT = 10;
    private static final int EVENTS = 60;
    private static final SourceId SOURCE = new SourceId("default", "qoe", "berlin-1", 0);

    private final SplittableRandom random = new SplittableRandom(3);
    private final Diagnostics diagnostics =
            Diagnostics.from(ConfigFactory.load().getConfig("sonde.diagnosis"), new QoeSignal());
    private final Diagnoses diagnoses = learnt();
    private final ClosedWindows closed = closed(LEARNT);
    private final WindowsDiagnosed diagnosed =
            diagnoses.decide(closed, diagnostics, Map.of()).orElseThrow();
    private final byte[] written = DiagnosedFormat.write(diagnosed);

    /** Holds ten windows against what is usual, by every rule. */
    @Benchmark
    public boolean judge() {
        return diagnoses.decide(closed, diagnostics, Map.of()).isPresent();
    }

    /** Writes ten judged windows as the journal holds them. */
    @Benchmark
    public byte[] writeDiagnosed() {
        return DiagnosedFormat.write(diagnosed);
    }

    /** Reads them. */
    @Benchmark
    public ClosedWindows readDiagnosed() {
        return DiagnosedFormat.read(written).closed();
    }

    private Diagnoses learnt() {
        Diagnoses made = new Diagnoses();
        for (int minute = 0; minute < LEARNT; minute++) {
            made.decide(closed(minute), diagnostics, Map.of()).ifPresent(made::apply);
        }
        return made;
    }

    private ClosedWindows closed(int minute) {
        long startMs = START + minute * Minute.LENGTH_MS;
        List<WindowAggregate> windows = new ArrayList<>();
        for (int target = 0; target < SampleBatches.EVENTS; target++) {
            List<Distribution> measures = new ArrayList<>();
            for (int measure = 0; measure < QoeKind.KIND.measures().size(); measure++) {
                measures.add(distribution());
            }
            List<Long> errors = Collections.nCopies(QoeKind.KIND.errorStages().size(), 0L);
            windows.add(new WindowAggregate(
                    "https://target-" + target + ".example.org/", startMs, EVENTS, errors, Map.of(), measures));
        }
        return new ClosedWindows(SOURCE, startMs, Map.of(), windows);
    }

    private Distribution distribution() {
        double[] sorted = random.doubles(EVENTS, 50, 60).sorted().toArray();
        return new Distribution(
                EVENTS, sorted[0], sorted[EVENTS - 1], sorted[29], sorted[56], Summary.of(sorted, EVENTS));
    }
}
