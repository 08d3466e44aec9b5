package io.sonde.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.core.ClosedWindows;
import io.sonde.core.SourceId;
import io.sonde.core.TraceContext;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WindowProjectionTest {
    @Test
    void aTransactionIsFollowedForSoManyTracesAndNoMore() {
        List<ClosedWindows> closed = IntStream.rangeClosed(1, 20)
                .mapToObj(i -> new ClosedWindows(
                        new SourceId("default", "qoe", "client-" + i, 0),
                        0,
                        Map.of(),
                        List.of(),
                        List.of(new TraceContext(i, i, i))))
                .toList();

        assertThat(WindowProjection.Copying.traces(closed)).hasSize(TraceContext.MOST);
        assertThat(WindowProjection.Copying.traces(closed.subList(0, 3))).hasSize(3);
    }
}
