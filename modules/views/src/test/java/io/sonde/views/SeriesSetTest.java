package io.sonde.views;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SeriesSetTest {
    @Property
    void aSetComesBackAsItWas(@ForAll Set<@IntRange(max = 300) Integer> numbers) {
        SeriesSet set = of(numbers.stream().mapToInt(number -> number));

        SeriesSet read = SeriesSet.read(set.toBytes());

        assertThat(read).isEqualTo(set);
        assertThat(read.stream().boxed()).containsExactlyInAnyOrderElementsOf(numbers);
        assertThat(read.size()).isEqualTo(numbers.size());
    }

    @Example
    void seriesThatAllMeasureTakeFewBytes() {
        assertThat(of(IntStream.range(1, 20_000)).toBytes()).hasSizeLessThan(8);
    }

    private static SeriesSet of(IntStream numbers) {
        BitSet bits = new BitSet();
        numbers.forEach(bits::set);
        return SeriesSet.of(bits);
    }
}
