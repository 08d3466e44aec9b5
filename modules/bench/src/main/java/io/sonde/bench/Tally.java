package io.sonde.bench;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** What became of what was sent: by one connection, or by all of them. */
final class Tally {
    private static final long LONGEST_MICROS = 120_000_000;
    private static final int MOST_COMPLAINTS = 5;

    /** From the first byte written to the last byte of the answer, its repetitions included, µs. */
    final Histogram latency = new Histogram(LONGEST_MICROS, 3);
    /** Of everything that was acknowledged, within the measured seconds or not. */
    final WindowCounts acknowledged = new WindowCounts();

    private final List<String> complaints = new ArrayList<>();
    private long measuredNew;
    private long measuredRepeated;
    private long repeated;
    private long retries;
    private long wrongAnswers;

    void acknowledge(RenderedRequest request) {
        request.countInto(acknowledged);
        repeated += request.repeated();
    }

    /** Of a request that was begun in the measured seconds. */
    void latency(long nanos) {
        latency.recordValue(Math.min(LONGEST_MICROS, nanos / 1_000));
    }

    /** Of a request that was acknowledged in the measured seconds. */
    void measure(RenderedRequest request) {
        measuredNew += request.size() - request.repeated();
        measuredRepeated += request.repeated();
    }

    void retry() {
        retries++;
    }

    void complain(String complaint) {
        wrongAnswers++;
        if (complaints.size() < MOST_COMPLAINTS) {
            complaints.add(complaint);
        }
    }

    void add(Tally other) {
        latency.add(other.latency);
        acknowledged.addAll(other.acknowledged);
        measuredNew += other.measuredNew;
        measuredRepeated += other.measuredRepeated;
        repeated += other.repeated;
        retries += other.retries;
        wrongAnswers += other.wrongAnswers;
        other.complaints.stream().limit(MOST_COMPLAINTS - complaints.size()).forEach(complaints::add);
    }

    /** Events acknowledged within the measured seconds. */
    long measured() {
        return measuredNew + measuredRepeated;
    }

    /** Those of them that had not been sent before. */
    long measuredNew() {
        return measuredNew;
    }

    /** Events acknowledged in all. */
    long events() {
        return acknowledged.events() + repeated;
    }

    long retries() {
        return retries;
    }

    /** Answers that do not fit what was sent. */
    long wrongAnswers() {
        return wrongAnswers;
    }

    List<String> complaints() {
        return List.copyOf(complaints);
    }
}
