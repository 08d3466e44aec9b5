package io.sonde.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SummaryTest {
    @Property
    void aMergedQuantileIsWithinItsStatedErrorOfTheTrueOne(
            @ForAll @Size(min = 1, max = 200) List<@DoubleRange(min = 0.01, max = 1e6) Double> first,
            @ForAll @Size(min = 1, max = 200) List<@DoubleRange(min = 0.01, max = 1e6) Double> second) {
        Summary merged = Summary.merge(List.of(of(first), of(second)));

        double[] all = new double[first.size() + second.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = i < first.size() ? first.get(i) : second.get(i - first.size());
        }
        Arrays.sort(all);
        for (double q : new double[] {0.5, 0.95}) {
            double nearestRank = all[Summary.nearestRank(all.length, q)];
            assertThat(merged.quantile(q)).isCloseTo(nearestRank, within(nearestRank * Summary.RELATIVE_ERROR + 1e-9));
        }
    }

    @Property
    void mergingIsTheSameEitherWay(
            @ForAll @Size(max = 100) List<@DoubleRange(min = 0, max = 1e4) Double> first,
            @ForAll @Size(max = 100) List<@DoubleRange(min = 0, max = 1e4) Double> second) {
        Summary a = Summary.merge(List.of(of(first), of(second)));
        Summary b = Summary.merge(List.of(of(second), of(first)));

        if (!a.isEmpty()) {
            assertThat(a.quantile(0.95)).isEqualTo(b.quantile(0.95), within(1e-9));
        }
        assertThat(a.isEmpty()).isEqualTo(b.isEmpty());
        assertThat(a.exact()).isEqualTo(b.exact());
    }

    @Property
    void mergingAllAtOnceIsMergingOneAfterTheOther(
            @ForAll @Size(max = 8) List<@Size(max = 100) List<@DoubleRange(min = -10, max = 1e4) Double>> parts) {
        Summary oneByOne = Summary.EMPTY;
        for (List<Double> part : parts) {
            oneByOne = Summary.merge(List.of(oneByOne, of(part)));
        }

        Summary atOnce = Summary.merge(parts.stream().map(SummaryTest::of).toList());

        assertThat(atOnce).isEqualTo(oneByOne);
    }

    @Property
    void aSummaryComesBackAsItWas(@ForAll @Size(max = 120) List<@DoubleRange(min = 0, max = 1e4) Double> values) {
        Summary summary = of(values);
        Packer to = new Packer(16);
        summary.write(to);

        assertThat(Summary.read(new Unpacker(to.toBytes()))).isEqualTo(summary);
    }

    @Test
    void aSampleStandsForAllItWasTakenFrom() {
        Summary sampled = Summary.of(new double[] {1, 1, 1, 1}, 4_000);
        Summary other = Summary.of(new double[] {100, 100, 100, 100}, 4);

        assertThat(Summary.merge(List.of(sampled, other)).quantile(0.95)).isCloseTo(1, within(0.02));
    }

    @Test
    void anEmptySummaryHasNoQuantile() {
        assertThat(Summary.EMPTY.quantile(0.5)).isNaN();
    }

    private static Summary of(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return Summary.of(sorted, sorted.length);
    }
}
