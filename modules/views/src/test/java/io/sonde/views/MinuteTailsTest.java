package io.sonde.views;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.NotEmpty;

class MinuteTailsTest {
    @Property
    void anyNumbersComeOutAsTheyWere(
            @ForAll @NotEmpty List<Long> units, @ForAll List<@DoubleRange(min = 0, max = 300) Double> weights) {
        MinuteTails.Builder builder = new MinuteTails.Builder();
        builder.window(7, 1, 1);
        for (int i = 0; i < units.size(); i++) {
            builder.value(units.get(i), weight(weights, i));
        }

        MinuteTails tails = MinuteTails.merge(List.of(builder.build(), MinuteTails.EMPTY));

        assertThat(tails.end(0)).isEqualTo(units.size());
        for (int i = 0; i < units.size(); i++) {
            assertThat(tails.units(i)).isEqualTo(units.get(i));
            assertThat(tails.weight(i)).isEqualTo(weight(weights, i));
        }
    }

    /** Half of them whole. */
    private static double weight(List<Double> weights, int i) {
        if (i >= weights.size()) {
            return 1;
        }
        return i % 2 == 0 ? Math.rint(weights.get(i)) : weights.get(i);
    }

    @Example
    void theHighestRevisionHolds() {
        MinuteTails merged = MinuteTails.merge(List.of(one(1, 5, 10), one(2, 3, 20), one(1, 6, 30), one(1, 4, 40)));

        assertThat(merged.series(0)).isEqualTo(1);
        assertThat(merged.highest(0)).isEqualTo(30);
        assertThat(merged.series(1)).isEqualTo(2);
        assertThat(merged.series(2)).isEqualTo(MinuteTails.NONE);
    }

    @Example
    void someWindowsAreLeftOut() {
        MinuteTails some = MinuteTails.merge(List.of(one(1, 1, 10), one(2, 1, 20), one(3, 1, 30)))
                .only(series -> series != 2);

        assertThat(some.find(2)).isEqualTo(some.find(3)).isEqualTo(1);
        assertThat(some.highest(1)).isEqualTo(30);
        assertThat(some.atLeast(30, 1)).isEqualTo(1);
        assertThat(some.atLeast(31, 1)).isZero();
    }

    private static MinuteTails one(long series, long revision, long units) {
        MinuteTails.Builder tails = new MinuteTails.Builder();
        tails.window(series, revision, 1);
        tails.value(units, 1);
        return tails.build();
    }
}
