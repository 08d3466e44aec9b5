package io.sonde.windows;

import io.sonde.core.Kind;
import io.sonde.core.Packer;
import io.sonde.core.Sample;
import io.sonde.core.Unpacker;
import io.sonde.core.WindowAggregate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** One minute of one series that still takes events: the ids it has seen, and what they add up to. */
final class OpenWindow {
    private final String target;
    private final long startMs;
    private final IdSet ids;
    private final Map<String, Long> reasons;
    private final Reservoir reservoir;
    private long[] errors;
    private long success;

    OpenWindow(String target, long startMs, Kind kind) {
        this(
                target,
                startMs,
                new IdSet(),
                new long[kind.errorStages().size()],
                new HashMap<>(),
                new Reservoir(kind.measures().size()));
    }

    private OpenWindow(
            String target, long startMs, IdSet ids, long[] errors, Map<String, Long> reasons, Reservoir reservoir) {
        this.target = target;
        this.startMs = startMs;
        this.ids = ids;
        this.errors = errors;
        this.reasons = reasons;
        this.reservoir = reservoir;
    }

    String target() {
        return target;
    }

    long startMs() {
        return startMs;
    }

    /** How many events are counted. */
    long revision() {
        return ids.size();
    }

    boolean has(UUID id) {
        return ids.contains(id);
    }

    /** Counts the sample, once: an id it has seen changes nothing. */
    void add(Sample sample) {
        if (!ids.add(sample.id())) {
            return;
        }
        if (sample.successful()) {
            success++;
            reservoir.add(
                    Hash.of(sample.id().getMostSignificantBits(), sample.id().getLeastSignificantBits()),
                    sample.values());
        } else {
            countError(sample.error());
            reasons.merge(sample.error() + ":" + sample.reason(), 1L, Long::sum);
        }
    }

    /** A stage this release does not know was added by a newer one that shares the cluster. */
    private void countError(int stage) {
        if (stage >= errors.length) {
            errors = Arrays.copyOf(errors, stage + 1);
        }
        errors[stage]++;
    }

    WindowAggregate aggregate() {
        List<Long> errorCounts = new ArrayList<>(errors.length);
        for (long count : errors) {
            errorCounts.add(count);
        }
        return new WindowAggregate(target, startMs, success, errorCounts, reasons, reservoir.distributions());
    }

    void write(Packer to) {
        to.text(target).count(startMs);
        ids.write(to);
        to.count(success).count(errors.length);
        for (long count : errors) {
            to.count(count);
        }
        to.counts(reasons);
        reservoir.write(to);
    }

    static OpenWindow read(Kind kind, Unpacker from) {
        String target = from.text();
        long startMs = from.count();
        IdSet ids = IdSet.read(from);
        long success = from.count();
        int written = from.size(1);
        long[] errors = new long[Math.max(written, kind.errorStages().size())];
        for (int i = 0; i < written; i++) {
            errors[i] = from.count();
        }
        Map<String, Long> reasons = from.counts();
        OpenWindow window = new OpenWindow(
                target,
                startMs,
                ids,
                errors,
                reasons,
                Reservoir.read(kind.measures().size(), from));
        window.success = success;
        return window;
    }
}
