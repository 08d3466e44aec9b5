package io.sonde.windows;

import io.sonde.bench.SampleBatches;
import io.sonde.core.Batch;
import io.sonde.core.ClosedWindows;
import io.sonde.core.Receipt;
import io.sonde.qoe.QoeKind;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A minute of a source: sixty batches of ten events of ten targets. In this package, because the steps are. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class WindowsBenchmark {
    private static final long START = 1_763_632_800_000L;
    private static final int BATCHES = 60;

    private final List<Batch> batches = SampleBatches.of(BATCHES, START);
    private final Windows windows = windows();
    private final Batch fresh = SampleBatches.of(1, START).get(0);
    private final Batch again = batches.get(0);
    private final byte[] snapshot = windows.toSnapshot();
    private final Set<String> targets = targets(windows);

    /** Ten events, none of them seen. */
    @Benchmark
    public Receipt decideFresh() {
        return windows.decide(fresh).receipt();
    }

    /** Ten events, all of them seen. */
    @Benchmark
    public Receipt decideAgain() {
        return windows.decide(again).receipt();
    }

    /** Decides on a batch and counts it, from the first of a minute to the last. */
    @Benchmark
    @OperationsPerInvocation(BATCHES)
    public long decideAndApply() {
        return windows().events();
    }

    /** Percentiles and summaries of ten windows of sixty events. */
    @Benchmark
    public ClosedWindows close() {
        return windows.closed(START, targets);
    }

    /** Writes ten windows of sixty events. */
    @Benchmark
    public byte[] writeSnapshot() {
        return windows.toSnapshot();
    }

    /** Reads them. */
    @Benchmark
    public long readSnapshot() {
        return Windows.fromSnapshot(again.source(), QoeKind.KIND, snapshot).events();
    }

    private Windows windows() {
        Windows made = new Windows(batches.get(0).source(), QoeKind.KIND);
        for (Batch batch : batches) {
            made.decide(batch).events().forEach(made::apply);
        }
        return made;
    }

    private static Set<String> targets(Windows windows) {
        return windows.revisions(START).keySet().stream().collect(Collectors.toUnmodifiableSet());
    }
}
