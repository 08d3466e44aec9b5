package io.sonde.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sonde.core.Summary;
import io.sonde.views.SeriesDistribution.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class SeriesDistributionTest {
    private static final long STEP_MS = 600_000;
    private static final double[] QUANTILES = {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.999};

    /** Few values in all, so that they are kept, or so many that there are sketches; some windows have none. */
    @Property(tries = 300)
    void itIsThatOfAllValuesTogether(
            @ForAll long seed, @ForAll @IntRange(max = 40) int windows, @ForAll @IntRange(max = 90) int mostValues) {
        Random random = new Random(seed);
        List<Part> parts = new ArrayList<>();
        List<double[]> raw = new ArrayList<>();
        Map<Long, List<double[]>> rawByStep = new TreeMap<>();
        for (int i = 0; i < windows; i++) {
            double[] values = lognormal(random, random.nextInt(mostValues + 1));
            long startMs = Given.minute(i);
            parts.add(new Part(startMs, values.length + 1L, 1, Given.distribution(values)));
            raw.add(values);
            rawByStep
                    .computeIfAbsent(startMs - startMs % STEP_MS, any -> new ArrayList<>())
                    .add(values);
        }

        SeriesDistribution merged = SeriesDistribution.of(parts, Given.START_MS, STEP_MS);

        assertIsOf(raw, merged.whole());
        assertThat(merged.steps()).extracting(Part::startMs).containsExactlyElementsOf(rawByStep.keySet());
        merged.steps().forEach(step -> assertIsOf(rawByStep.getOrDefault(step.startMs(), List.of()), step));
        assertThat(merged.steps().stream().mapToLong(Part::total).sum())
                .isEqualTo(merged.whole().total());
        assertThat(merged.whole().error()).isEqualTo(windows);
    }

    @Example
    void aMedianOfMediansWouldBeAnother() {
        List<Part> parts = List.of(
                new Part(Given.minute(0), 9, 0, Given.distribution(1, 1, 1, 1, 1, 1, 1, 1, 1)),
                new Part(Given.minute(1), 1, 0, Given.distribution(50)),
                new Part(Given.minute(2), 1, 0, Given.distribution(60)));

        SeriesDistribution merged = SeriesDistribution.of(parts, Given.START_MS, STEP_MS);

        assertThat(merged.whole().quantile(0.5)).isEqualTo(1);
        assertThat(merged.whole().quantile(0.95)).isEqualTo(60);
    }

    @Property
    void theStepsAreBoundedAndSoAreTheWindows(
            @ForAll @LongRange(min = 0, max = 4_000_000_000_000L) long fromMs,
            @ForAll @LongRange(min = 1, max = 400L * 86_400_000) long spanMs) {
        DistributionQuery query = query(fromMs, fromMs + spanMs);

        long steps =
                Math.floorDiv(query.toMs() - 1, query.stepMs()) - Math.floorDiv(query.fromMs(), query.stepMs()) + 1;
        assertThat(steps).isBetween(1L, (long) DistributionQuery.MOST_STEPS);
        assertThat(query.stepMs() % query.resolution().lengthMs()).isZero();
        assertThat((query.toMs() - query.fromMs()) / query.resolution().lengthMs())
                .isLessThanOrEqualTo(2_881);
        assertThat(query.fromMs()).isLessThanOrEqualTo(fromMs);
        assertThat(query.toMs()).isGreaterThanOrEqualTo(fromMs + spanMs);
        assertThat(query(query.fromMs(), query.toMs())).isEqualTo(query);
    }

    @Example
    void theLongerTheTimeTheCoarserTheWindowsAndTheSteps() {
        long hour = Resolution.HOUR.lengthMs();
        assertThat(query(0, hour)).satisfies(isOf(Resolution.MINUTE, 1));
        assertThat(query(0, 24 * hour)).satisfies(isOf(Resolution.MINUTE, 5));
        assertThat(query(0, 48 * hour)).satisfies(isOf(Resolution.MINUTE, 10));
        assertThat(query(0, 7 * 24 * hour)).satisfies(isOf(Resolution.HOUR, 60));
        assertThat(query(0, 30 * 24 * hour)).satisfies(isOf(Resolution.HOUR, 180));
        assertThat(query(0, 200 * 24 * hour)).satisfies(isOf(Resolution.DAY, 1_440));
        assertThat(query(0, 400 * 24 * hour)).satisfies(isOf(Resolution.DAY, 2_880));
    }

    private static Consumer<DistributionQuery> isOf(Resolution resolution, long minutes) {
        return query -> {
            assertThat(query.resolution()).isEqualTo(resolution);
            assertThat(query.stepMs()).isEqualTo(minutes * 60_000);
        };
    }

    private static DistributionQuery query(long fromMs, long toMs) {
        return new DistributionQuery(new SeriesFilter("default", "some", "a", "b"), 0, fromMs, toMs);
    }

    /** Exactly while the values are kept, within the sketch's error beyond. */
    private static void assertIsOf(List<double[]> raw, Part part) {
        double[] all = raw.stream().flatMapToDouble(Arrays::stream).sorted().toArray();
        assertThat(part.measure().count()).isEqualTo(all.length);
        if (all.length == 0) {
            assertThat(part.quantile(0.5)).isNaN();
            return;
        }
        assertThat(part.measure().min()).isEqualTo(all[0]);
        assertThat(part.measure().max()).isEqualTo(all[all.length - 1]);
        double error = all.length <= Summary.EXACT_UP_TO ? 0 : Summary.RELATIVE_ERROR;
        for (double q : QUANTILES) {
            double value = all[Summary.nearestRank(all.length, q)];
            assertThat(part.quantile(q))
                    .as("p%s of %d", q * 100, all.length)
                    .isCloseTo(value, within(value * error + 1e-9));
        }
    }

    private static double[] lognormal(Random random, int count) {
        return random.doubles(count)
                .map(any -> Math.exp(3 + random.nextGaussian()))
                .toArray();
    }
}
