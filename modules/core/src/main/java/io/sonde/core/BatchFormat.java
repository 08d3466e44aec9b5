package io.sonde.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A batch as bytes: on the bus, between nodes and in the journal. Starts with its version; golden files hold each one.
 */
public final class BatchFormat {
    private static final int VERSION = 1;
    private static final int REPLAY = 1;
    private static final int SMALLEST_SAMPLE = 20;

    private BatchFormat() {}

    public static byte[] write(Batch batch) {
        Packer to = new Packer(64 + batch.samples().size() * 64);
        to.u8(VERSION).u8(batch.replay() ? REPLAY : 0);
        writeSource(batch.source(), to);
        to.count(batch.recvTsMs()).texts(batch.attributes());
        Map<String, Integer> targets = new HashMap<>();
        to.count(batch.samples().size());
        for (Sample sample : batch.samples()) {
            write(sample, batch.recvTsMs(), targets, to);
        }
        return to.toBytes();
    }

    public static Batch read(byte[] bytes) {
        Unpacker from = new Unpacker(bytes);
        from.version("batch", VERSION);
        boolean replay = (from.u8() & REPLAY) != 0;
        SourceId source = readSource(from);
        long recvTsMs = from.count();
        Map<String, String> attributes = from.texts();
        List<String> targets = new ArrayList<>();
        int size = from.size(SMALLEST_SAMPLE);
        List<Sample> samples = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            samples.add(read(recvTsMs, targets, from));
        }
        return new Batch(source, recvTsMs, attributes, samples, replay);
    }

    static void writeSource(SourceId source, Packer to) {
        to.text(source.tenant()).text(source.kind()).text(source.source()).count(source.bucket());
    }

    static SourceId readSource(Unpacker from) {
        try {
            return new SourceId(from.text(), from.text(), from.text(), from.small());
        } catch (IllegalArgumentException e) {
            throw new UnreadableFormat(String.valueOf(e.getMessage()));
        }
    }

    /** A target is written where it occurs first and by its number from then on. */
    private static void write(Sample sample, long recvTsMs, Map<String, Integer> targets, Packer to) {
        to.raw(sample.id().getMostSignificantBits()).raw(sample.id().getLeastSignificantBits());
        Integer known = targets.putIfAbsent(sample.target(), targets.size());
        if (known == null) {
            to.count(targets.size() - 1).text(sample.target());
        } else {
            to.count(known);
        }
        to.signed(recvTsMs - sample.tsMs());
        to.u8(sample.error() + 1);
        if (!sample.successful()) {
            to.text(sample.reason());
        }
        to.u8(sample.values().length);
        for (double value : sample.values()) {
            to.number(value);
        }
    }

    private static Sample read(long recvTsMs, List<String> targets, Unpacker from) {
        UUID id = new UUID(from.raw(), from.raw());
        int target = from.small();
        if (target == targets.size()) {
            targets.add(from.text());
        } else if (target > targets.size()) {
            throw new UnreadableFormat("target " + target + " of " + targets.size());
        }
        long tsMs = recvTsMs - from.signed();
        int error = from.u8() - 1;
        String reason = error == Sample.SUCCESS ? "" : from.text();
        double[] values = new double[from.u8()];
        for (int i = 0; i < values.length; i++) {
            values[i] = from.number();
        }
        return new Sample(id, targets.get(target), tsMs, values, error, reason);
    }
}
