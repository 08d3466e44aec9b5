package io.sonde.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Closed windows as bytes: between nodes and inside the journal of windows. Starts with its version. */
public final class ClosedWindowsFormat {
    private static final int VERSION = 1;

    private ClosedWindowsFormat() {}

    public static byte[] write(ClosedWindows closed) {
        Packer to = new Packer(64 + closed.windows().size() * 256);
        to.u8(VERSION);
        BatchFormat.writeSource(closed.source(), to);
        to.count(closed.startMs())
                .texts(closed.attributes())
                .count(closed.windows().size());
        for (WindowAggregate window : closed.windows()) {
            write(window, to);
        }
        return to.toBytes();
    }

    public static ClosedWindows read(byte[] bytes) {
        Unpacker from = new Unpacker(bytes);
        from.version("closed windows", VERSION);
        SourceId source = BatchFormat.readSource(from);
        long startMs = from.count();
        Map<String, String> attributes = from.texts();
        int size = from.size(4);
        List<WindowAggregate> windows = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            windows.add(read(startMs, from));
        }
        return new ClosedWindows(source, startMs, attributes, windows);
    }

    /** For {@code window_1m.summary}: the summaries of one window's measures, in their order. */
    public static byte[] writeSummaries(List<Distribution> measures) {
        Packer to = new Packer(measures.size() * 64);
        to.u8(VERSION).count(measures.size());
        for (Distribution measure : measures) {
            measure.summary().write(to);
        }
        return to.toBytes();
    }

    public static List<Summary> readSummaries(byte[] bytes) {
        Unpacker from = new Unpacker(bytes);
        from.version("summaries", VERSION);
        int size = from.size(2);
        List<Summary> summaries = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            summaries.add(Summary.read(from));
        }
        return summaries;
    }

    private static void write(WindowAggregate window, Packer to) {
        to.text(window.target()).count(window.success()).count(window.errors().size());
        window.errors().forEach(to::count);
        to.counts(window.reasons()).count(window.measures().size());
        for (Distribution measure : window.measures()) {
            to.count(measure.count());
            if (measure.count() > 0) {
                to.number(measure.min())
                        .number(measure.max())
                        .number(measure.p50())
                        .number(measure.p95());
                measure.summary().write(to);
            }
        }
    }

    private static WindowAggregate read(long startMs, Unpacker from) {
        String target = from.text();
        long success = from.count();
        List<Long> errors = new ArrayList<>();
        for (int left = from.size(1); left > 0; left--) {
            errors.add(from.count());
        }
        Map<String, Long> reasons = from.counts();
        List<Distribution> measures = new ArrayList<>();
        for (int left = from.size(1); left > 0; left--) {
            measures.add(readDistribution(from));
        }
        return new WindowAggregate(target, startMs, success, errors, reasons, measures);
    }

    private static Distribution readDistribution(Unpacker from) {
        long count = from.count();
        return count == 0
                ? Distribution.EMPTY
                : new Distribution(
                        count, from.number(), from.number(), from.number(), from.number(), Summary.read(from));
    }
}
