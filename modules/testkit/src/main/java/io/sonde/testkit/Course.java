package io.sonde.testkit;

import io.sonde.core.Distribution;
import io.sonde.core.Minute;
import io.sonde.core.Summary;
import io.sonde.core.WindowAggregate;
import io.sonde.testkit.Labelled.Truth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A series before it is measured: what each stage takes and how often it fails, minute by minute. */
final class Course {
    static final int DNS = 0;
    static final int TCP = 1;
    static final int TLS = 2;
    static final int TTFB = 3;
    static final int THROUGHPUT = 4;

    private static final int STAGES = 5;
    private static final long START_MS = 1_763_632_800_000L;
    private static final String TARGET = "https://scenario.example/";
    /** No sample takes less than this part of what is usual: a Gaussian would go below nothing. */
    private static final double LEAST = 0.05;
    /** From one minute to the next a stage keeps so much of how it differed from its usual. */
    private static final double KEEPS = 0.9;

    final SplittableRandom random;
    final int minutes;
    /** Milliseconds; of throughput kbit/s. */
    final double[] usual = new double[STAGES];

    private final double[][] times = new double[STAGES][];
    private final double[][] failing = new double[STAGES][];
    private final BitSet missing = new BitSet();
    private final List<Truth> truths = new ArrayList<>();
    private boolean lognormal;
    private double width;
    private double wander;
    private double retries;
    private int fewest = 6;
    private int most = 12;

    /** A series as most are: a round trip of 15 to 80 ms, and noise of one form or the other. */
    Course(SplittableRandom random, int minutes) {
        this.random = random;
        this.minutes = minutes;
        for (int stage = 0; stage < STAGES; stage++) {
            times[stage] = new double[minutes];
            Arrays.fill(times[stage], 1);
            failing[stage] = new double[minutes];
        }
        double roundTrip = between(15, 80);
        usual[DNS] = between(5, 40);
        usual[TCP] = roundTrip;
        usual[TLS] = roundTrip + between(5, 20);
        usual[TTFB] = roundTrip + between(20, 200);
        usual[THROUGHPUT] = between(10_000, 100_000);
        wander = between(0.01, 0.05);
        if (random.nextBoolean()) {
            gaussian(0.05, 0.20);
        } else {
            lognormal(0.10, 0.25);
        }
    }

    /** Evenly in the logarithm. */
    double between(double least, double greatest) {
        return least * Math.pow(greatest / least, random.nextDouble());
    }

    void gaussian(double narrowest, double widest) {
        lognormal = false;
        width = between(narrowest, widest);
    }

    void lognormal(double narrowest, double widest) {
        lognormal = true;
        width = between(narrowest, widest);
    }

    /** Each sample of each stage may have to be sent again, which takes a multiple. */
    void retries(double share) {
        retries = share;
    }

    void samples(int least, int greatest) {
        fewest = least;
        most = greatest;
    }

    /** Any half an hour to three hours after the first two. */
    Span anyTime() {
        int length = random.nextInt(30, 181);
        int from = random.nextInt(120, Math.max(121, minutes - length));
        return new Span(from, Math.min(minutes, from + length));
    }

    void factor(int stage, Span during, double factor) {
        for (int minute = during.from(); minute < during.to(); minute++) {
            times[stage][minute] *= factor;
        }
    }

    void factor(int stage, int minute, double factor) {
        times[stage][minute] *= factor;
    }

    void fails(int stage, Span during, double share) {
        Arrays.fill(failing[stage], during.from(), during.to(), share);
    }

    void isMissing(Span during) {
        missing.set(during.from(), during.to());
    }

    void isTrue(String label, Span during) {
        truths.add(new Truth(label, startMs(during.from()), startMs(during.to())));
    }

    Labelled measured() {
        List<WindowAggregate> windows = new ArrayList<>(minutes);
        double[] away = new double[STAGES];
        for (int minute = 0; minute < minutes; minute++) {
            for (int stage = 0; stage < STAGES; stage++) {
                away[stage] = KEEPS * away[stage] + Math.sqrt(1 - KEEPS * KEEPS) * wander * random.nextGaussian();
            }
            if (!missing.get(minute)) {
                windows.add(window(minute, away));
            }
        }
        return new Labelled(windows, truths);
    }

    private WindowAggregate window(int minute, double[] away) {
        int samples = random.nextInt(fewest, most + 1);
        double[][] values = new double[STAGES + 1][samples];
        Long[] errors = {0L, 0L, 0L, 0L, 0L};
        int successes = 0;
        for (int sample = 0; sample < samples; sample++) {
            int failed = failed(minute);
            if (failed < STAGES) {
                errors[failed]++;
            } else {
                sample(minute, away, values, successes++);
            }
        }
        List<Distribution> measures = new ArrayList<>(values.length);
        for (double[] all : values) {
            measures.add(distribution(Arrays.copyOf(all, successes)));
        }
        return new WindowAggregate(TARGET, startMs(minute), successes, List.of(errors), Map.of(), measures);
    }

    /** The stage at which a sample fails, or {@link #STAGES}. */
    private int failed(int minute) {
        int stage = 0;
        while (stage < STAGES && (failing[stage][minute] == 0 || random.nextDouble() >= failing[stage][minute])) {
            stage++;
        }
        return stage;
    }

    private void sample(int minute, double[] away, double[][] values, int at) {
        double total = 0;
        for (int stage = 0; stage < STAGES; stage++) {
            double value = usual[stage] * times[stage][minute] * (1 + away[stage]) * noise(stage);
            values[stage][at] = value;
            total += stage == THROUGHPUT ? 0 : value;
        }
        values[STAGES][at] = total;
    }

    private double noise(int stage) {
        double normal = width * random.nextGaussian();
        double noise = lognormal ? Math.exp(normal) : Math.max(LEAST, 1 + normal);
        boolean again = retries > 0 && random.nextDouble() < retries;
        double longer = again ? between(2, 10) : 1;
        return stage == THROUGHPUT ? noise / longer : noise * longer;
    }

    private static Distribution distribution(double[] values) {
        if (values.length == 0) {
            return Distribution.EMPTY;
        }
        Arrays.sort(values);
        return new Distribution(
                values.length,
                values[0],
                values[values.length - 1],
                values[Summary.nearestRank(values.length, 0.50)],
                values[Summary.nearestRank(values.length, 0.95)],
                Summary.of(values, values.length));
    }

    private static long startMs(int minute) {
        return START_MS + minute * Minute.LENGTH_MS;
    }

    /** Minutes of a series, the last not included. */
    record Span(int from, int to) {
        int minutes() {
            return to - from;
        }
    }
}
