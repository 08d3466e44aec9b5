package io.sonde.bench;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** What became of what was sent. */
final class Tally {
    private static final long LONGEST_MICROS = 240_000_000;
    private static final int MOST_COMPLAINTS = 5;

    /** From when a request should have been sent to the last byte of its answer, its repetitions included, µs. */
    final Histogram latency = new Histogram(LONGEST_MICROS, 3);

    private final List<String> complaints = new ArrayList<>();
    private long measuredNew;
    private long measuredRepeated;
    private long events;
    private long retries;
    private long wrongAnswers;

    /** @param measured whether it came before the end */
    void acknowledge(RenderedRequest request, long nanos, boolean measured) {
        events += request.size();
        latency.recordValue(Math.min(LONGEST_MICROS, nanos / 1_000));
        if (measured) {
            measuredNew += request.size() - request.repeated();
            measuredRepeated += request.repeated();
        }
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

    /** Events acknowledged before the end. */
    long measured() {
        return measuredNew + measuredRepeated;
    }

    /** Those of them that had not been sent before. */
    long measuredNew() {
        return measuredNew;
    }

    /** Events acknowledged in all. */
    long events() {
        return events;
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

    double latencyMs(double percentile) {
        return latency.getValueAtPercentile(percentile) / 1e3;
    }
}
