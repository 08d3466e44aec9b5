package io.sonde.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** An event whose way is followed, and where its trace has come to. */
public record Traced(UUID event, TraceContext context) {
    public Traced {
        Objects.requireNonNull(event);
        Objects.requireNonNull(context);
    }

    /** The same events after a step of their traces; what the step has no context for is followed no further. */
    public static List<Traced> after(Tracing.Step step, List<Traced> before) {
        List<Traced> after = new ArrayList<>(before.size());
        for (Traced traced : before) {
            for (TraceContext context : step.contexts()) {
                if (context.isOfSameTrace(traced.context)) {
                    after.add(new Traced(traced.event, context));
                    break;
                }
            }
        }
        return after;
    }
}
