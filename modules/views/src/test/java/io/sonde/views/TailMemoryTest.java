package io.sonde.views;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class TailMemoryTest {
    private static final TailMemory.Minute MINUTE = new TailMemory.Minute(Set.of(1L, 2L), tails(100));

    @Test
    void holdsNoMoreThanItsBytes() {
        TailMemory memory = new TailMemory(3 * MINUTE.bytes());

        for (int i = 0; i < 10; i++) {
            memory.put(key(i), MINUTE);
            memory.put(key(i), MINUTE);
        }

        assertThat(memory.bytes()).isEqualTo(3 * MINUTE.bytes());
        assertThat(memory.get(key(7))).isEqualTo(MINUTE);
        assertThat(memory.get(key(6))).isEqualTo(TailMemory.Minute.NOTHING);
    }

    @Test
    void whatWasAskedForStaysLonger() {
        TailMemory memory = new TailMemory(2 * MINUTE.bytes());
        memory.put(key(0), MINUTE);
        memory.put(key(1), MINUTE);

        memory.get(key(0));
        memory.put(key(2), MINUTE);

        assertThat(memory.get(key(0))).isEqualTo(MINUTE);
        assertThat(memory.get(key(1))).isEqualTo(TailMemory.Minute.NOTHING);
    }

    @Test
    void oneThatIsTooLargeIsNotKept() {
        TailMemory memory = new TailMemory(MINUTE.bytes());
        memory.put(key(0), MINUTE);

        memory.put(key(1), new TailMemory.Minute(Set.of(1L), tails(1_000)));

        assertThat(memory.bytes()).isZero();
    }

    private static TailMemory.Key key(int minute) {
        return new TailMemory.Key("default", "some", 0, Given.minute(minute));
    }

    private static MinuteTails tails(int windows) {
        MinuteTails.Builder tails = new MinuteTails.Builder();
        for (int i = 0; i < windows; i++) {
            tails.window(i, 1, 1);
            tails.value(i, 1);
        }
        return tails.build();
    }
}
