package io.sonde.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.core.Sample;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindowCountsTest {
    private static final WindowCounts.Window WINDOW = WindowCounts.Window.of("berlin-1", "http://a/", 60_123);
    private static final WindowCounts.Window OTHER = WindowCounts.Window.of("berlin-1", "http://b/", 60_123);
    private static final List<Long> NO_ERRORS = List.of(0L, 0L, 0L, 0L, 0L);

    private final WindowCounts acknowledged = new WindowCounts();
    private final WindowCounts stored = new WindowCounts();

    WindowCountsTest() {
        acknowledged.count(WINDOW, Sample.SUCCESS, 1);
        acknowledged.count(WINDOW, 3, 1);
    }

    @Test
    void theSameCountsDoNotDiffer() {
        stored.put(WINDOW, 2, List.of(0L, 0L, 0L, 1L, 0L));

        assertThat(acknowledged.differences(stored)).isEmpty();
        assertThat(acknowledged.isExceededBy(stored)).isFalse();
    }

    @Test
    void oneEventLessIsADifferenceThatMayStillGo() {
        stored.put(WINDOW, 1, List.of(0L, 0L, 0L, 1L, 0L));

        assertThat(acknowledged.differences(stored)).singleElement().asString().contains("berlin-1 http://a/");
        assertThat(acknowledged.isExceededBy(stored)).isFalse();
    }

    @Test
    void oneEventMoreIsADifferenceThatWillNotGo() {
        stored.put(WINDOW, 3, List.of(0L, 0L, 0L, 1L, 0L));

        assertThat(acknowledged.differences(stored)).hasSize(1);
        assertThat(acknowledged.isExceededBy(stored)).isTrue();
    }

    @Test
    void anErrorOfAnotherStageIsADifference() {
        stored.put(WINDOW, 2, List.of(0L, 0L, 1L, 0L, 0L));

        assertThat(acknowledged.differences(stored)).hasSize(1);
    }

    @Test
    void aMissingWindowIsADifference() {
        assertThat(acknowledged.differences(stored)).singleElement().asString().contains("stored nothing");
    }

    @Test
    void aWindowNobodySentIsADifferenceThatWillNotGo() {
        stored.put(WINDOW, 2, List.of(0L, 0L, 0L, 1L, 0L));
        stored.put(OTHER, 1, NO_ERRORS);

        assertThat(acknowledged.differences(stored)).singleElement().asString().contains("acknowledged nothing");
        assertThat(acknowledged.isExceededBy(stored)).isTrue();
    }
}
