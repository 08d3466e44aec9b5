package io.sonde.edge;

import io.sonde.core.Batch;
import io.sonde.core.Reading;
import io.sonde.core.Readings;
import io.sonde.core.Sample;
import io.sonde.core.TraceContext;
import io.sonde.core.Traced;
import io.sonde.core.Tracing;
import io.sonde.core.Tracing.Hop;
import io.sonde.core.Tracing.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * A request in the traces it belongs to: those that its events name, and that of its own {@code traceparent}. The
 * request's own follows the first event of each of the first sources, unless it is that of an event: then it is where that event's trace
 * has come to, because who sends events makes a span of the sending.
 *
 * @param batches as they go on
 */
record FollowedRequest(Step step, List<Batch> batches) {
    /** On the answer to a request that is followed: the edge's span in the first of its traces. */
    static final AttributeKey<TraceContext> TRACE = AttributeKey.create("sonde-trace", TraceContext.class);

    /** @param beganNanos when the request came, {@link System#nanoTime()} */
    static FollowedRequest begin(
            Tracing tracing, HttpRequest request, Readings readings, List<Batch> batches, long beganNanos) {
        Optional<TraceContext> own = tracing == Tracing.OFF
                ? Optional.empty()
                : request.getHeader(TraceContext.HEADER).map(HttpHeader::value).flatMap(TraceContext::parse);
        return begin(tracing, own, readings, batches, beganNanos);
    }

    static FollowedRequest begin(
            Tracing tracing, Optional<TraceContext> own, Readings readings, List<Batch> batches, long beganNanos) {
        List<TraceContext> named = named(batches);
        if (own.isPresent()) {
            Step step = tracing.begin(Hop.EDGE, withOwn(named, own.get()), beganNanos);
            return new FollowedRequest(
                    step,
                    isOfAnEvent(own.get(), readings) ? after(step, batches) : after(step, firsts(batches, own.get())));
        }
        if (!named.isEmpty()) {
            Step step = tracing.begin(Hop.EDGE, named, beganNanos);
            return new FollowedRequest(step, after(step, batches));
        }
        Step step = tracing.beginOwn(Hop.EDGE, beganNanos);
        return step.contexts().isEmpty()
                ? new FollowedRequest(step, batches)
                : new FollowedRequest(step, firsts(batches, step.contexts().get(0)));
    }

    /** The answer ends the edge's span, and says its trace. */
    CompletionStage<HttpResponse> ends(CompletionStage<HttpResponse> answer) {
        if (step.contexts().isEmpty()) {
            return answer;
        }
        return answer.whenComplete((response, failure) -> {
                    if (response != null) {
                        step.say("http.response.status_code", response.status().intValue());
                    }
                    step.end(failure);
                })
                .thenApply(
                        response -> response.addAttribute(TRACE, step.contexts().get(0)));
    }

    /** The traces of all events, each once. */
    private static List<TraceContext> named(List<Batch> batches) {
        List<TraceContext> named = List.of();
        for (Batch batch : batches) {
            for (TraceContext context : batch.contexts()) {
                if (named.isEmpty()) {
                    named = new ArrayList<>(1);
                }
                if (named.size() < TraceContext.MOST && named.stream().noneMatch(context::isOfSameTrace)) {
                    named.add(context);
                }
            }
        }
        return named;
    }

    /** Also of one that goes no further: its trace is nobody else's. */
    private static boolean isOfAnEvent(TraceContext own, Readings readings) {
        for (Reading reading : readings.events()) {
            if (reading instanceof Reading.Valid event && event.trace() != null && own.isOfSameTrace(event.trace())) {
                return true;
            }
        }
        return false;
    }

    private static List<TraceContext> withOwn(List<TraceContext> named, TraceContext own) {
        List<TraceContext> all = new ArrayList<>(named.size() + 1);
        all.add(own);
        named.stream().filter(context -> !context.isOfSameTrace(own)).forEach(all::add);
        return all;
    }

    private static List<Batch> after(Step step, List<Batch> batches) {
        return batches.stream().map(batch -> batch.after(step)).toList();
    }

    /** Each batch, as far as there is room in a trace, with its first event in that trace, beside those that it names. */
    private static List<Batch> firsts(List<Batch> batches, TraceContext trace) {
        List<Batch> followed = new ArrayList<>(batches.size());
        for (Batch batch : batches) {
            if (followed.size() >= TraceContext.MOST) {
                followed.add(batch);
                continue;
            }
            Sample first = batch.samples().get(0);
            List<Traced> traces = new ArrayList<>(batch.traces());
            traces.add(new Traced(first.id(), trace));
            followed.add(batch.traced(traces.subList(Math.max(0, traces.size() - TraceContext.MOST), traces.size())));
        }
        return followed;
    }
}
