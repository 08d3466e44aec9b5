package io.sonde.edge;

import io.sonde.core.Batch;
import io.sonde.core.Grant;
import io.sonde.core.Kind;
import io.sonde.core.Minute;
import io.sonde.core.Reading;
import io.sonde.core.Readings;
import io.sonde.core.Receipt;
import io.sonde.core.Refusal;
import io.sonde.core.Sample;
import io.sonde.core.SeriesId;
import io.sonde.core.SourceId;
import io.sonde.core.TraceContext;
import io.sonde.core.Traced;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the edge makes of a request: its samples by source, and which events go no further and why.
 * {@code events = Σ samples of batches + late + refused}.
 *
 * @param batches one per source, in the order the sources first occurred
 * @param late how many events came after their window's end plus the lateness (R3.4)
 * @param foreign how many of the refused name another client than the token's
 */
record Intake(List<Batch> batches, int late, List<RefusedEvent> refused, int foreign, int events) {
    Intake {
        batches = List.copyOf(batches);
        refused = List.copyOf(refused);
    }

    /**
     * @param index of the event in the request, from 0
     * @param eventId as it was sent, null when it was not readable
     */
    record RefusedEvent(int index, @Nullable String eventId, Refusal reason, String detail) {}

    /** @param recvTsMs when the request was received, at the edge's clock: lateness is judged here and nowhere later */
    static Intake of(Readings readings, Kind kind, Grant grant, ClientLimits.TargetQuota quota, long recvTsMs) {
        var sorting = new Sorting(kind, grant, quota, recvTsMs);
        readings.events().forEach(sorting::add);
        return sorting.intake();
    }

    /** With what the journal could not take among the refused. */
    Intake without(List<Receipt.Unrecordable> unrecordable, Readings readings) {
        if (unrecordable.isEmpty()) {
            return this;
        }
        Map<UUID, String> reasons = new HashMap<>();
        unrecordable.forEach(sample -> reasons.put(sample.id(), sample.reason()));
        List<RefusedEvent> all = new ArrayList<>(refused);
        for (int i = 0; i < events; i++) {
            if (readings.events().get(i) instanceof Reading.Valid event) {
                UUID id = event.sample().id();
                String reason = reasons.remove(id);
                if (reason != null) {
                    all.add(new RefusedEvent(i, id.toString(), Refusal.UNRECORDABLE, reason));
                }
            }
        }
        all.sort(Comparator.comparingInt(RefusedEvent::index));
        return new Intake(batches, late, all, foreign, events);
    }

    boolean isAllForeign() {
        return foreign == events && events > 0;
    }

    boolean isAllRefused() {
        return refused.size() == events && events > 0;
    }

    private static final class Sorting {
        private final Map<SourceId, List<Sample>> samples = new LinkedHashMap<>();
        private final Map<SourceId, Reading.Valid> newest = new LinkedHashMap<>();
        private final Map<SourceId, List<Traced>> traces = new HashMap<>();
        private final List<RefusedEvent> refused = new ArrayList<>();
        private final Kind kind;
        private final Grant grant;
        private final ClientLimits.TargetQuota quota;
        private final long recvTsMs;
        private int late;
        private int foreign;
        private int events;

        Sorting(Kind kind, Grant grant, ClientLimits.TargetQuota quota, long recvTsMs) {
            this.kind = kind;
            this.grant = grant;
            this.quota = quota;
            this.recvTsMs = recvTsMs;
        }

        void add(Reading event) {
            if (event instanceof Reading.Valid valid) {
                addValid(valid);
            } else if (event instanceof Reading.Refused bad) {
                refused.add(new RefusedEvent(events, bad.eventId(), bad.reason(), bad.detail()));
            }
            events++;
        }

        private void addValid(Reading.Valid event) {
            Sample sample = event.sample();
            if (!grant.mayPostFor(event.source())) {
                foreign++;
                refuse(sample, Refusal.FOREIGN_CLIENT, foreignDetail(kind, grant));
            } else if (Minute.isLate(sample.tsMs(), recvTsMs)) {
                late++;
            } else if (!quota.admits(event.source(), sample.target())) {
                refuse(sample, Refusal.TOO_MANY_TARGETS, tooManyTargets(quota));
            } else {
                SourceId source = new SeriesId(grant.tenant(), kind.name(), event.source(), sample.target())
                        .sourceId(kind.buckets());
                samples.computeIfAbsent(source, any -> new ArrayList<>()).add(sample);
                newest.merge(source, event, Sorting::newer);
                if (event.trace() != null) {
                    follow(source, new Traced(sample.id(), event.trace()));
                }
            }
        }

        /** The first event of each trace, as far as there is room. */
        private void follow(SourceId source, Traced event) {
            List<Traced> followed = traces.computeIfAbsent(source, any -> new ArrayList<>());
            boolean known = followed.stream().anyMatch(other -> other.context().isOfSameTrace(event.context()));
            if (!known && followed.size() < TraceContext.MOST) {
                followed.add(event);
            }
        }

        private void refuse(Sample sample, Refusal reason, String detail) {
            refused.add(new RefusedEvent(events, sample.id().toString(), reason, detail));
        }

        private static Reading.Valid newer(Reading.Valid one, Reading.Valid other) {
            return other.sample().tsMs() >= one.sample().tsMs() ? other : one;
        }

        Intake intake() {
            List<Batch> batches = new ArrayList<>(samples.size());
            newest.forEach((source, event) -> batches.add(
                    new Batch(source, recvTsMs, event.attributes(), samples.getOrDefault(source, List.of()), false)
                            .traced(traces.getOrDefault(source, List.of()))));
            return new Intake(batches, late, refused, foreign, events);
        }
    }

    static String foreignDetail(Kind kind, Grant grant) {
        return kind.sourceField() + ": the token posts for " + grant.source() + " alone";
    }

    private static String tooManyTargets(ClientLimits.TargetQuota quota) {
        return "target: a client may name " + quota.perMinute() + " different ones in a minute";
    }
}
