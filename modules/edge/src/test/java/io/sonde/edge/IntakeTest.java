package io.sonde.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.core.Batch;
import io.sonde.core.Grant;
import io.sonde.core.Kind;
import io.sonde.core.Measure;
import io.sonde.core.Minute;
import io.sonde.core.Reading;
import io.sonde.core.Readings;
import io.sonde.core.Refusal;
import io.sonde.core.Sample;
import io.sonde.core.Scope;
import io.sonde.core.SourceId;
import io.sonde.edge.Intake.RefusedEvent;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IntakeTest {
    private static final ClientLimits.TargetQuota QUOTA = new ClientLimits(
                    new ClientRates(new ClientRate(1, 1, 1_000), Map.of()), () -> 0, new Random(1))
            .targets("default");
    private static final Kind KIND = kind(1);
    private static final long RECV_TS_MS = TestEdge.RECV_TS_MS;

    @Property
    void p5AnEventIsDroppedExactlyWhenReceivedAfterWindowEndPlusLateness(@ForAll("lags") long lag) {
        long tsMs = RECV_TS_MS - lag;

        Intake intake = intake(KIND, grant(null), event("a", "http://t", tsMs));

        long windowEnd = tsMs - tsMs % 60_000 + 60_000;
        boolean dropped = RECV_TS_MS > windowEnd + 120_000;
        assertThat(intake.late()).isEqualTo(dropped ? 1 : 0);
        assertThat(intake.batches()).hasSize(dropped ? 0 : 1);
        assertThat(intake.refused()).isEmpty();
    }

    @Property
    void p6TheWindowOfAnEventIsItsOwnMinute(@ForAll("lags") long lag) {
        long tsMs = RECV_TS_MS - lag;

        long start = Minute.startOf(tsMs);

        assertThat(start % 60_000).isZero();
        assertThat(tsMs - start).isBetween(0L, 59_999L);
    }

    @Property
    void everyEventIsInABatchLateOrRefusedAndNoneTwice(@ForAll("events") List<Reading> events) {
        Intake intake = intake(kind(4), grant("a"), events.toArray(Reading[]::new));

        int batched = intake.batches().stream()
                .mapToInt(batch -> batch.samples().size())
                .sum();
        assertThat(batched + intake.late() + intake.refused().size())
                .isEqualTo(intake.events())
                .isEqualTo(events.size());
        assertThat(intake.batches()).extracting(Batch::source).doesNotHaveDuplicates();
        assertThat(intake.batches())
                .allSatisfy(batch -> assertThat(batch.samples()).isNotEmpty().allMatch(sample -> batch.source()
                        .equals(batch.source().series(sample.target()).sourceId(4))));
        assertThat(intake.isAllRefused())
                .isEqualTo(!events.isEmpty() && intake.refused().size() == events.size());
    }

    @Test
    void theNewestSampleOfASourceSpeaksForIt() {
        Intake intake = intake(
                KIND,
                grant(null),
                event("a", "http://t", RECV_TS_MS - 3, "old"),
                event("b", "http://t", RECV_TS_MS - 4, "other"),
                event("a", "http://u", RECV_TS_MS - 1, "new"),
                event("a", "http://v", RECV_TS_MS - 2, "older"));

        assertThat(intake.batches()).extracting(Batch::source).containsExactly(source("a"), source("b"));
        assertThat(intake.batches())
                .extracting(batch -> batch.attributes().get("label"))
                .containsExactly("new", "other");
        assertThat(intake.batches()).allMatch(batch -> batch.recvTsMs() == RECV_TS_MS && !batch.replay());
        assertThat(intake.batches().get(0).samples())
                .extracting(Sample::target)
                .containsExactly("http://t", "http://u", "http://v");
    }

    @Test
    void anEventOfAnotherClientIsRefusedAndItsNeighboursAreNot() {
        Reading.Valid foreign = event("b", "http://t", RECV_TS_MS);

        Intake intake = intake(KIND, grant("a"), event("a", "http://t", RECV_TS_MS), foreign);

        assertThat(intake.batches()).extracting(Batch::source).containsExactly(source("a"));
        assertThat(intake.refused())
                .containsExactly(new RefusedEvent(
                        1,
                        foreign.sample().id().toString(),
                        Refusal.FOREIGN_CLIENT,
                        "client: the token posts for a alone"));
        assertThat(intake.isAllForeign()).isFalse();
        assertThat(intake(KIND, grant("a"), foreign, foreign).isAllForeign()).isTrue();
    }

    @Provide
    Arbitrary<Long> lags() {
        Arbitrary<Long> around = Arbitraries.longs().between(-2, 2);
        Arbitrary<Long> edges = Arbitraries.of(0L, 60_000L, 120_000L, 180_000L, 240_000L);
        return Arbitraries.oneOf(
                Combinators.combine(edges, around).as(Long::sum),
                Arbitraries.longs().between(-300_000, 400_000),
                Arbitraries.longs().between(0, RECV_TS_MS - 1));
    }

    @Provide
    Arbitrary<List<Reading>> events() {
        Arbitrary<Reading> valid = Combinators.combine(
                        Arbitraries.of("a", "b"), Arbitraries.integers().between(0, 9), lags())
                .as((client, target, lag) -> event(client, "http://t/" + target, RECV_TS_MS - lag));
        Arbitrary<Reading> refused =
                Arbitraries.of(Refusal.class).map(reason -> new Reading.Refused(null, null, reason, "because"));
        return Arbitraries.frequencyOf(Tuple.of(4, valid), Tuple.of(1, refused))
                .list()
                .ofMaxSize(20);
    }

    private static Intake intake(Kind kind, Grant grant, Reading... events) {
        return Intake.of(new Readings(List.of(events), Map.of(), Map.of()), kind, grant, QUOTA, RECV_TS_MS);
    }

    private static Reading.Valid event(String client, String target, long tsMs) {
        return event(client, target, tsMs, "");
    }

    private static Reading.Valid event(String client, String target, long tsMs, String label) {
        var sample = new Sample(UUID.randomUUID(), target, tsMs, new double[] {1}, Sample.SUCCESS, "");
        return new Reading.Valid(client, Map.of("label", label), sample);
    }

    private static Grant grant(@Nullable String source) {
        return new Grant("id", "default", Scope.INGEST, source);
    }

    private static SourceId source(String client) {
        return new SourceId("default", "k", client, 0);
    }

    private static Kind kind(int buckets) {
        return new Kind(
                "k", "client", List.of(new Measure("m", "ms")), Stream.of("E").toList(), buckets);
    }
}
