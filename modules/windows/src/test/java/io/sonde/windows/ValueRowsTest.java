package io.sonde.windows;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

class ValueRowsTest {
    private static final int WIDTH = 3;

    @Property
    void whatIsSetIsReadWhateverElseIsThere(
            @ForAll("values") List<Double> values, @ForAll int first, @ForAll int second) {
        ValueRows rows = new ValueRows(WIDTH, 1);
        List<double[]> expected = new ArrayList<>();
        for (int at = 0; at + WIDTH <= values.size(); at += WIDTH) {
            rows.grow(expected.size() + 1);
            double[] row = {values.get(at), values.get(at + 1), values.get(at + 2)};
            rows.set(expected.size(), row);
            expected.add(row);
        }
        if (!expected.isEmpty()) {
            int a = Math.floorMod(first, expected.size());
            int b = Math.floorMod(second, expected.size());
            rows.swap(a, b);
            double[] row = expected.get(a);
            expected.set(a, expected.get(b));
            expected.set(b, row);
        }

        for (int row = 0; row < expected.size(); row++) {
            for (int m = 0; m < WIDTH; m++) {
                assertThat(Double.doubleToLongBits(rows.get(row, m)))
                        .isEqualTo(Double.doubleToLongBits(expected.get(row)[m]));
            }
        }
    }

    /** Mostly thousandths; now and then what is none, too large, or not there. */
    @Provide
    Arbitrary<List<Double>> values() {
        return Arbitraries.frequencyOf(
                        Tuple.of(
                                20,
                                Arbitraries.longs().between(0, 3_000_000_000L).map(n -> n / 1_000.0)),
                        Tuple.of(2, Arbitraries.of(Double.NaN, 0.0, -0.0)),
                        Tuple.of(1, Arbitraries.doubles()))
                .list()
                .ofMaxSize(60);
    }
}
