package io.sonde.edge;

import io.sonde.core.Batch;
import io.sonde.core.Grant;
import io.sonde.core.Kind;
import io.sonde.core.Minute;
import io.sonde.core.Reading;
import io.sonde.core.Readings;
import io.sonde.core.Refusal;
import io.sonde.core.Sample;
import io.sonde.core.SeriesId;
import io.sonde.core.SourceId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    static Intake of(Readings readings, Kind kind, Grant grant, long recvTsMs) {
        var sorting = new Sorting(kind, grant, recvTsMs);
        readings.events().forEach(sorting::add);
        return sorting.intake();
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
        private final List<RefusedEvent> refused = new ArrayList<>();
        private final Kind kind;
        private final Grant grant;
        private final long recvTsMs;
        private int late;
        private int foreign;
        private int events;

        Sorting(Kind kind, Grant grant, long recvTsMs) {
            this.kind = kind;
            this.grant = grant;
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
                refused.add(new RefusedEvent(
                        events, sample.id().toString(), Refusal.FOREIGN_CLIENT, foreignDetail(kind, grant)));
            } else if (Minute.isLate(sample.tsMs(), recvTsMs)) {
                late++;
            } else {
                SourceId source = new SeriesId(grant.tenant(), kind.name(), event.source(), sample.target())
                        .sourceId(kind.buckets());
                samples.computeIfAbsent(source, any -> new ArrayList<>()).add(sample);
                newest.merge(source, event, Sorting::newer);
            }
        }

        private static Reading.Valid newer(Reading.Valid one, Reading.Valid other) {
            return other.sample().tsMs() >= one.sample().tsMs() ? other : one;
        }

        Intake intake() {
            List<Batch> batches = new ArrayList<>(samples.size());
            newest.forEach((source, event) -> batches.add(
                    new Batch(source, recvTsMs, event.attributes(), samples.getOrDefault(source, List.of()), false)));
            return new Intake(batches, late, refused, foreign, events);
        }
    }

    static String foreignDetail(Kind kind, Grant grant) {
        return kind.sourceField() + ": the token posts for " + grant.source() + " alone";
    }
}
