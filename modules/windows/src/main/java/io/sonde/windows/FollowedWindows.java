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
import org.jspecify.annotations.Nullable;

/**
 * The traces of one source's events, and which open windows they wait in to be closed. In memory alone: a trace whose
 * entity stops before its window closes ends with the journal write.
 */
final class FollowedWindows {
    private final Tracing tracing;
    private final Map<Long, List<Waiting>> byStart = new HashMap<>();
    /** Steps of traces that have begun and not ended. */
    private final List<Step> underWay = new ArrayList<>(0);

    private record Waiting(String target, TraceContext context) {}

    /** Windows on their way to whoever confirms them, and the traces that go with them. */
    record Closing(ClosedWindows windows, Step step, List<Waiting> traces) {}

    FollowedWindows(Tracing tracing) {
        this.tracing = tracing;
    }

    Step record(Batch batch) {
        return begin(Hop.RECORD, batch.contexts());
    }

    /** @param step {@link #record}'s */
    Step journal(Step step, Decision decision) {
        return decision.events().isEmpty() ? Tracing.NONE : begin(Hop.JOURNAL_SAMPLES, step.contexts());
    }

    /** A batch is journalled; what of it was accepted waits for its window's end. */
    void journalled(Step step, Step write, Batch batch, Decision decision) {
        if (step.contexts().isEmpty()) {
            return;
        }
        end(write, null);
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
        end(step, null);
    }

    private void await(Sample sample, TraceContext context) {
        List<Waiting> waiting = byStart.computeIfAbsent(Minute.startOf(sample.tsMs()), any -> new ArrayList<>(1));
        if (waiting.size() < TraceContext.MOST) {
            waiting.add(new Waiting(sample.target(), context));
        }
    }

    /** Until these windows are confirmed. */
    Closing close(ClosedWindows closed) {
        List<Waiting> waiting = byStart.get(closed.startMs());
        if (waiting == null) {
            return new Closing(closed, Tracing.NONE, List.of());
        }
        Set<String> targets =
                closed.windows().stream().map(WindowAggregate::target).collect(Collectors.toSet());
        List<Waiting> traces =
                waiting.stream().filter(one -> targets.contains(one.target())).toList();
        Step step = begin(Hop.CLOSE, traces.stream().map(Waiting::context).toList());
        step.say("sonde.source", closed.source().source());
        return new Closing(closed.traced(step.contexts()), step, traces);
    }

    /** Once they are confirmed, a later revision of them is of the events that have come since. */
    void closed(Closing closing, @Nullable Throwable failure) {
        end(closing.step(), failure);
        if (failure == null && !closing.traces().isEmpty()) {
            byStart.computeIfPresent(closing.windows().startMs(), (start, waiting) -> {
                waiting.removeAll(closing.traces());
                return waiting.isEmpty() ? null : waiting;
            });
        }
    }

    /** What has begun does not come to its end: a write has failed, or the source moves. */
    void stopped() {
        underWay.forEach(step -> step.failed("stopped"));
        underWay.clear();
    }

    private Step begin(Hop hop, List<TraceContext> parents) {
        Step step = tracing.begin(hop, parents);
        if (!step.contexts().isEmpty()) {
            underWay.add(step);
        }
        return step;
    }

    private void end(Step step, @Nullable Throwable failure) {
        underWay.remove(step);
        step.end(failure);
    }
}
