package io.sonde.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TracedTest {
    @Test
    void anEventGoesOnOnceInATraceThatAStepIsInTwice() {
        Traced event = new Traced(UUID.randomUUID(), new TraceContext(1, 2, 3));
        Tracing.Step step = new Tracing.Passed(List.of(new TraceContext(1, 2, 4), new TraceContext(1, 2, 5)));

        assertThat(Traced.after(step, List.of(event)))
                .containsExactly(new Traced(event.event(), new TraceContext(1, 2, 4)));
    }
}
