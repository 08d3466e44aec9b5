package io.sonde.bench;

import io.sonde.core.Batch;
import io.sonde.core.BatchFormat;
import io.sonde.core.MalformedBody;
import io.sonde.core.Readings;
import io.sonde.core.Summary;
import io.sonde.core.Tracing;
import io.sonde.qoe.QoeSignal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The steps of a request of ten events that are reachable from outside: parse and validate, write, read, merge. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class StepsBenchmark {
    private static final long NOW = 1_763_632_800_000L;

    private final QoeSignal signal = new QoeSignal();
    private final byte[] body = SampleBatches.body(NOW);
    private final byte[] unsampledBody = traced("00");
    private final byte[] sampledBody = traced("01");
    private final Batch batch = SampleBatches.of(1, NOW).get(0);
    private final byte[] written = BatchFormat.write(batch);
    private final Summary few = summary(30, 1);
    private final List<Summary> hour =
            IntStream.range(0, 60).mapToObj(minute -> summary(600, minute)).toList();

    /** Parses and validates a body of ten events. */
    @Benchmark
    public Readings read() {
        return read(body);
    }

    private Readings read(byte[] events) {
        try {
            return signal.read(events, false, NOW, SampleBatches.EVENTS);
        } catch (MalformedBody e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same, of events that say that they are in no trace that is sampled. */
    @Benchmark
    public Readings readUnsampled() {
        return read(unsampledBody);
    }

    /** The same, each in a trace of its own that is sampled. */
    @Benchmark
    public Readings readSampled() {
        return read(sampledBody);
    }

    /** What a step of the way costs a batch that is in no trace. */
    @Benchmark
    public Batch notFollowed() {
        return batch.after(Tracing.OFF.begin(Tracing.Hop.RECORD, batch.contexts()));
    }

    /** Writes a batch of ten samples. */
    @Benchmark
    public byte[] writeBatch() {
        return BatchFormat.write(batch);
    }

    /** Reads it. */
    @Benchmark
    public Batch readBatch() {
        return BatchFormat.read(written);
    }

    /** Merges two summaries that hold the values themselves. */
    @Benchmark
    public Summary mergeValues() {
        return Summary.merge(List.of(few, few));
    }

    /** Merges the sketches of an hour's minutes. */
    @Benchmark
    public Summary mergeHour() {
        return Summary.merge(hour);
    }

    /** @param flags of each event's context */
    private static byte[] traced(String flags) {
        String field = "\"traceparent\":\"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-" + flags + "\",";
        String text = new String(SampleBatches.body(NOW), StandardCharsets.UTF_8);
        return text.replace("\"schema_version\"", field + "\"schema_version\"").getBytes(StandardCharsets.UTF_8);
    }

    private static Summary summary(int count, long seed) {
        double[] values =
                new SplittableRandom(seed).doubles(count, 1, 500).sorted().toArray();
        return Summary.of(values, count);
    }
}
