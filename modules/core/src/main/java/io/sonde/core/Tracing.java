package io.sonde.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Follows events on their way: makes a span of each step, in each trace that the events belong to. Nearly no event is in
 * a trace, and then a step costs a look at an empty list.
 */
public interface Tracing {
    /** Of what is in no trace. */
    Step NONE = new Passed(List.of());

    /** Makes no spans and hands on the traces of others. */
    Tracing OFF = (hop, parents, beganNanos) -> parents.isEmpty() ? NONE : new Passed(parents);

    /** The steps of an event's way that are spans. */
    enum Hop {
        /** A request with events, at who has measured them. */
        SEND("send events"),
        /** The same, at the edge. */
        EDGE("POST /api/v1/events"),
        PUBLISH("bus publish"),
        CONSUME("bus consume"),
        /** The source's entity decides and writes. */
        RECORD("windows record"),
        JOURNAL_SAMPLES("journal samples"),
        /** Closed windows, from their end until their subscriber has confirmed them. */
        CLOSE("windows close"),
        DIAGNOSE("windows diagnose"),
        JOURNAL_WINDOWS("journal windows"),
        /** One transaction of the read side. */
        PROJECT("windows project");

        private final String title;

        Hop(String title) {
            this.title = title;
        }

        public String title() {
            return title;
        }
    }

    /** A step that has begun; its methods may be called by any thread, one after the other. */
    interface Step {
        /** For what happens in this step, and for what comes after it; one a trace. */
        List<TraceContext> contexts();

        void say(String key, String value);

        void say(String key, long value);

        void end();

        /** Ends it. */
        void failed(String why);

        /** Ends it one way or the other. */
        default void end(@Nullable Throwable failure) {
            if (failure == null) {
                end();
            } else {
                failed(String.valueOf(Causes.of(failure).getMessage()));
            }
        }
    }

    /**
     * Begins a step of these traces.
     *
     * @param beganNanos when it began, {@link System#nanoTime()}; 0 for now
     */
    Step begin(Hop hop, List<TraceContext> parents, long beganNanos);

    default Step begin(Hop hop, List<TraceContext> parents) {
        return parents.isEmpty() ? NONE : begin(hop, parents, 0);
    }

    /** Perhaps begins a trace of its own, as often as it is set to; {@link #NONE} mostly. */
    default Step beginOwn(Hop hop, long beganNanos) {
        return NONE;
    }

    /** No spans are made of it here; the trace goes on behind it. */
    record Passed(List<TraceContext> contexts) implements Step {
        public Passed {
            contexts = List.copyOf(contexts);
        }

        @Override
        public void say(String key, String value) {}

        @Override
        public void say(String key, long value) {}

        @Override
        public void end() {}

        @Override
        public void failed(String why) {}
    }
}
