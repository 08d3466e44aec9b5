package io.sonde.bus;

import io.nats.client.impl.Headers;
import io.sonde.core.TraceContext;
import io.sonde.core.Traced;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The followed events of a batch, as headers of its message; most messages have none of them. */
final class TraceHeaders {
    /** W3C Trace Context, one value for each followed event. */
    static final String CONTEXT = "traceparent";
    /** The ids of these events, in the same order. */
    static final String EVENT = "Sonde-Traced-Event";

    private TraceHeaders() {}

    static void add(List<Traced> traces, Headers to) {
        for (Traced traced : traces) {
            to.add(CONTEXT, traced.context().traceparent());
            to.add(EVENT, traced.event().toString());
        }
    }

    /** What cannot be read is not followed: a trace is no reason to refuse a batch. */
    static List<Traced> read(@Nullable Headers headers) {
        List<String> contexts = headers == null ? null : headers.get(CONTEXT);
        List<String> events = headers == null ? null : headers.get(EVENT);
        if (contexts == null || events == null) {
            return List.of();
        }
        List<Traced> traces = new ArrayList<>();
        for (int i = 0; i < Math.min(TraceContext.MOST, Math.min(contexts.size(), events.size())); i++) {
            Optional<UUID> event = id(events.get(i));
            Optional<TraceContext> context = TraceContext.parse(contexts.get(i));
            if (event.isPresent() && context.isPresent()) {
                traces.add(new Traced(event.get(), context.get()));
            }
        }
        return traces;
    }

    private static Optional<UUID> id(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
