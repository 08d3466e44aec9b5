package io.sonde.windows;

import io.sonde.core.Batch;
import io.sonde.core.ClosedWindows;
import io.sonde.core.Minute;
import io.sonde.core.Sample;
import io.sonde.core.TraceContext;
import io.sonde.core.Traced;
import io.sonde.core.Tracing;
import io.sonde.core.Tracing.Hop;
import io.sonde.core.Tracing.Step;
import io.sonde.core.WindowAggregate;
import io.sonde.windows.Windows.Decision;
import io.sonde.windows.WindowsEvent.SamplesAccepted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The traces of one source's events, and which open windows they wait in to be closed. In memory alone: a trace whose
 * entity stops before its window closes ends with the journal write.
 */
final class FollowedWindows {
    private final Tracing tracing;
    private final Map<Long, List<Waiting>> byStart = new HashMap<>();

    private record Waiting(String target, TraceContext context) {}

    FollowedWindows(Tracing tracing) {
        this.tracing = tracing;
    }

    Step record(Batch batch) {
        return tracing.begin(Hop.RECORD, batch.contexts());
    }

    /** @param step {@link #record}'s */
    Step journal(Step step, Decision decision) {
        return decision.events().isEmpty() ? Tracing.NONE : tracing.begin(Hop.JOURNAL_SAMPLES, step.contexts());
    }

    /** A batch is journalled; what of it was accepted waits for its window's end. */
    void journalled(Step step, Step write, Batch batch, Decision decision) {
        if (step.contexts().isEmpty()) {
            return;
        }
        write.end();
        Map<UUID, TraceContext> followed = batch.after(step).traces().stream()
                .collect(Collectors.toMap(Traced::event, Traced::context, (a, b) -> a));
        for (WindowsEvent event : decision.events()) {
            if (event instanceof SamplesAccepted accepted) {
                for (Sample sample : accepted.batch().samples()) {
                    TraceContext context = followed.get(sample.id());
                    if (context != null) {
                        await(sample, context);
                    }
                }
            }
        }
        step.say("sonde.source", batch.source().source());
        step.say("sonde.accepted", decision.receipt().accepted());
        step.say("sonde.duplicate", decision.receipt().duplicate());
        step.end();
    }

    private void await(Sample sample, TraceContext context) {
        List<Waiting> waiting = byStart.computeIfAbsent(Minute.startOf(sample.tsMs()), any -> new ArrayList<>(1));
        if (waiting.size() < TraceContext.MOST) {
            waiting.add(new Waiting(sample.target(), context));
        }
    }

    /** Until these windows are confirmed. */
    Step close(ClosedWindows closed) {
        List<Waiting> waiting = byStart.get(closed.startMs());
        if (waiting == null) {
            return Tracing.NONE;
        }
        Set<String> targets = targets(closed);
        Step step = tracing.begin(
                Hop.CLOSE,
                waiting.stream()
                        .filter(one -> targets.contains(one.target()))
                        .map(Waiting::context)
                        .toList());
        step.say("sonde.source", closed.source().source());
        return step;
    }

    /** They are confirmed: a later revision of them is of other events. */
    void closed(ClosedWindows closed) {
        if (!byStart.isEmpty()) {
            Set<String> targets = targets(closed);
            byStart.computeIfPresent(closed.startMs(), (start, waiting) -> {
                waiting.removeIf(one -> targets.contains(one.target()));
                return waiting.isEmpty() ? null : waiting;
            });
        }
    }

    private static Set<String> targets(ClosedWindows closed) {
        return closed.windows().stream().map(WindowAggregate::target).collect(Collectors.toSet());
    }
}
