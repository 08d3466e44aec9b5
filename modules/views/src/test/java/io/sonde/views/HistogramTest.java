package io.sonde.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sonde.core.Summary;
import io.sonde.views.Histogram.Bucket;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class HistogramTest {
    @Property(tries = 200)
    void everyValueLiesInOneBucketAndBucketsHaveNoGap(@ForAll long seed, @ForAll @IntRange(min = 1, max = 500) int n) {
        Random random = new Random(seed);
        double[] values = random.doubles(n)
                .map(any -> Math.exp(4 * random.nextGaussian()))
                .sorted()
                .toArray();

        List<Bucket> buckets = Histogram.of(Summary.of(values, n)).buckets();

        assertThat(buckets.stream().mapToLong(Bucket::count).sum()).isEqualTo(n);
        for (int i = 1; i < buckets.size(); i++) {
            assertThat(buckets.get(i).from()).isEqualTo(buckets.get(i - 1).to());
        }
        assertThat(buckets.get(0).count()).isPositive();
        assertThat(buckets.get(buckets.size() - 1).count()).isPositive();
        if (n <= Summary.EXACT_UP_TO) {
            for (Bucket bucket : buckets) {
                assertThat(Arrays.stream(values)
                                .filter(value ->
                                        value >= bucket.from() * (1 - 1e-9) && value < bucket.to() * (1 - 1e-9))
                                .count())
                        .isEqualTo(bucket.count());
            }
        }
    }

    @Example
    void powersOfTenAreEdges() {
        for (double power : new double[] {0.01, 1, 10, 1_000, 1e6}) {
            List<Bucket> buckets =
                    Histogram.of(Summary.of(new double[] {power}, 1)).buckets();

            assertThat(buckets).hasSize(1);
            assertThat(buckets.get(0).from()).isCloseTo(power, within(power * 1e-9));
            assertThat(buckets.get(0).to()).isCloseTo(power * 1.2589254, within(power * 1e-6));
        }
    }

    @Example
    void whatIsNearlyNothingLiesInTheFirstAndNothingHasNone() {
        assertThat(Histogram.of(Summary.of(new double[] {0, 0.0001}, 2)).buckets())
                .singleElement()
                .satisfies(bucket -> {
                    assertThat(bucket.from()).isZero();
                    assertThat(bucket.count()).isEqualTo(2);
                });
        assertThat(Histogram.of(Summary.EMPTY).buckets()).isEmpty();
    }
}
