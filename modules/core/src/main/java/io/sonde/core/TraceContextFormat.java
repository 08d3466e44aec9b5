package io.sonde.core;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Traces as bytes, after the thing they belong to: between nodes and in the journal of windows. Where there are none
 * nothing is written, so what is not followed is stored as it was before there were traces, and a release of that time
 * reads the rest and does not look behind it.
 */
public final class TraceContextFormat {
    static final int BYTES = 24;

    private TraceContextFormat() {}

    public static void writeAll(List<TraceContext> traces, Packer to) {
        if (!traces.isEmpty()) {
            to.count(traces.size());
            traces.forEach(context -> write(context, to));
        }
    }

    /** All that follows. */
    public static List<TraceContext> readAll(Unpacker from) {
        if (!from.hasMore()) {
            return List.of();
        }
        List<TraceContext> traces = new ArrayList<>();
        for (int left = from.size(BYTES); left > 0; left--) {
            traces.add(read(from));
        }
        return traces;
    }

    public static void writeTraced(List<Traced> traces, Packer to) {
        if (!traces.isEmpty()) {
            to.count(traces.size());
            for (Traced traced : traces) {
                to.raw(traced.event().getMostSignificantBits())
                        .raw(traced.event().getLeastSignificantBits());
                write(traced.context(), to);
            }
        }
    }

    /** All that follows. */
    public static List<Traced> readTraced(Unpacker from) {
        if (!from.hasMore()) {
            return List.of();
        }
        List<Traced> traces = new ArrayList<>();
        for (int left = from.size(BYTES); left > 0; left--) {
            traces.add(new Traced(new UUID(from.raw(), from.raw()), read(from)));
        }
        return traces;
    }

    private static void write(TraceContext context, Packer to) {
        to.raw(context.traceHigh()).raw(context.traceLow()).raw(context.span());
    }

    private static TraceContext read(Unpacker from) {
        try {
            return new TraceContext(from.raw(), from.raw(), from.raw());
        } catch (IllegalArgumentException e) {
            throw new UnreadableFormat(String.valueOf(e.getMessage()));
        }
    }
}
