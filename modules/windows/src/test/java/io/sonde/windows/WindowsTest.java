package io.sonde.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.core.Batch;
import io.sonde.core.Distribution;
import io.sonde.core.Kind;
import io.sonde.core.Measure;
import io.sonde.core.Minute;
import io.sonde.core.Receipt;
import io.sonde.core.Receipt.Unrecordable;
import io.sonde.core.Sample;
import io.sonde.core.WindowAggregate;
import io.sonde.windows.Windows.Decision;
import io.sonde.windows.WindowsEvent.SamplesAccepted;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.domains.Domain;
import org.junit.jupiter.api.Test;

@Domain(WindowsDomain.class)
@Domain(net.jqwik.api.domains.DomainContext.Global.class)
class WindowsTest {
    @Property(tries = 300)
    void p3AnyOrderAndAnyResendsGiveTheAggregatesOfTheDistinctEvents(
            @ForAll @Size(max = 20) List<Sample> samples, @ForAll Random random) {
        List<Sample> distinct = distinct(samples);
        List<Sample> shuffled = new ArrayList<>(distinct);
        distinct.stream().filter(sample -> random.nextBoolean()).forEach(shuffled::add);
        Collections.shuffle(shuffled, random);

        Windows once = record(empty(), batch(distinct));
        Windows scrambled = empty();
        for (Sample sample : shuffled) {
            record(scrambled, batch(List.of(sample)));
        }

        assertThat(aggregates(scrambled)).isEqualTo(aggregates(once));
    }

    @Property
    void sendingABatchAgainChangesNothing(@ForAll Batch first, @ForAll Batch batch) {
        Windows windows = record(record(empty(), first), batch);
        Map<String, WindowAggregate> once = aggregates(windows);

        Decision again = windows.decide(batch);

        assertThat(again.events()).isEmpty();
        assertThat(again.receipt().accepted()).isZero();
        assertThat(aggregates(record(windows, batch))).isEqualTo(once);
    }

    @Property
    void p21EverySampleIsAcceptedDuplicateOrLate(@ForAll @Size(max = 6) List<Batch> batches) {
        Windows windows = empty();
        int accepted = 0;
        for (Batch batch : batches) {
            Receipt receipt = windows.decide(batch).receipt();
            record(windows, batch);
            accepted += receipt.accepted();

            assertThat(receipt.accepted() + receipt.duplicate() + receipt.late())
                    .isEqualTo(batch.samples().size());
        }

        assertThat(aggregates(windows).values().stream()
                        .mapToLong(WindowAggregate::total)
                        .sum())
                .isEqualTo(accepted);
    }

    @Property
    void p5AnEventIsDroppedExactlyWhenReceivedAfterWindowEndAndLateness(@ForAll Batch batch) {
        for (Sample sample : batch.samples()) {
            boolean late = empty().decide(batch.with(List.of(sample))).receipt().late() == 1;

            long windowEnd = sample.tsMs() - Math.floorMod(sample.tsMs(), 60_000L) + 60_000;
            assertThat(late).isEqualTo(batch.recvTsMs() > windowEnd + 120_000);
        }
    }

    @Property
    void p6TheWindowOfAnEventIsItsMinute(@ForAll Sample sample) {
        Windows windows = record(empty(), batch(List.of(sample)));

        assertThat(windows.starts()).containsExactly(sample.tsMs() / 60_000 * 60_000);
    }

    @Property
    void p7PercentilesAreTheNearestRankOfTheSortedSuccesses(@ForAll @Size(max = 60) List<Sample> samples) {
        List<Sample> distinct = distinct(samples);

        Windows windows = record(empty(), batch(distinct));

        for (WindowAggregate window : aggregates(windows).values()) {
            List<Double> dns = distinct.stream()
                    .filter(sample -> sample.target().equals(window.target())
                            && Minute.startOf(sample.tsMs()) == window.startMs()
                            && sample.successful()
                            && !Double.isNaN(sample.values()[0]))
                    .map(sample -> sample.values()[0])
                    .sorted()
                    .toList();
            assertThat(window.measures().get(0).count()).isEqualTo(dns.size());
            if (!dns.isEmpty()) {
                assertThat(window.measures().get(0).p50()).isEqualTo(dns.get((int) Math.ceil(0.50 * dns.size()) - 1));
                assertThat(window.measures().get(0).p95()).isEqualTo(dns.get((int) Math.ceil(0.95 * dns.size()) - 1));
                assertThat(window.measures().get(0).min()).isEqualTo(dns.get(0));
                assertThat(window.measures().get(0).max()).isEqualTo(dns.get(dns.size() - 1));
            }
        }
    }

    @Property
    void p7aTotalIsSuccessAndErrorsAndErrorsAreTheSumOfStages(@ForAll @Size(max = 60) List<Sample> samples) {
        List<Sample> distinct = distinct(samples);

        for (WindowAggregate window :
                aggregates(record(empty(), batch(distinct))).values()) {
            long inWindow = distinct.stream()
                    .filter(sample -> sample.target().equals(window.target())
                            && Minute.startOf(sample.tsMs()) == window.startMs())
                    .count();
            assertThat(window.total()).isEqualTo(inWindow).isEqualTo(window.success() + window.error());
            assertThat(window.errors().stream().mapToLong(Long::longValue).sum())
                    .isEqualTo(window.error());
            assertThat(window.reasons().values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .isEqualTo(window.error());
        }
    }

    @Property
    void aSnapshotIsTheSameWindows(@ForAll @Size(max = 4) List<Batch> batches, @ForAll Batch next) {
        Windows windows = empty();
        batches.forEach(batch -> record(windows, batch));

        Windows restored = Windows.fromSnapshot(WindowsDomain.SOURCE, WindowsDomain.KIND, windows.toSnapshot());

        assertThat(aggregates(restored)).isEqualTo(aggregates(windows));
        assertThat(restored.decide(next)).isEqualTo(windows.decide(next));
    }

    @Property(tries = 100)
    void whatIsKeptOfMoreThanTenThousandDoesNotDependOnOrder(@ForAll @IntRange(min = 1, max = 3_000) int tooMany) {
        Random ids = new Random(tooMany);
        List<Sample> samples = Stream.generate(() -> new UUID(ids.nextLong(), ids.nextLong()))
                .limit(Reservoir.LIMIT + tooMany)
                .map(id -> sample(id, Math.floorMod(id.getLeastSignificantBits(), 1_000)))
                .toList();
        List<Sample> shuffled = new ArrayList<>(samples);
        Collections.shuffle(shuffled, ids);

        WindowAggregate inOrder = only(record(empty(), batch(samples)));
        WindowAggregate scrambled = only(record(empty(), batch(shuffled)));

        assertThat(scrambled).isEqualTo(inOrder);
        assertThat(inOrder.total()).isEqualTo(samples.size());
        assertThat(inOrder.measures().get(0).count()).isEqualTo(samples.size());
    }

    @Test
    void anOnTimeEventOfASealedWindowWasAppliedAndIsADuplicate() {
        Windows windows = empty();
        Sample sample = sample(new UUID(1, 1), 5);
        windows.apply(windows.seal(Minute.endOf(Minute.startOf(sample.tsMs()))));

        Receipt receipt = windows.decide(batch(List.of(sample))).receipt();

        assertThat(receipt).isEqualTo(new Receipt(0, 1, 0, true));
    }

    @Test
    void aDeadLetterReplayedForASealedWindowIsLate() {
        Windows windows = empty();
        Sample sample = sample(new UUID(1, 1), 5);
        windows.apply(windows.seal(Minute.endOf(Minute.startOf(sample.tsMs()))));
        Batch replayed = new Batch(WindowsDomain.SOURCE, sample.tsMs(), Map.of(), List.of(sample), true);

        Receipt receipt = windows.decide(replayed).receipt();

        assertThat(receipt).isEqualTo(new Receipt(0, 0, 1, true));
    }

    @Test
    void whatDoesNotFitItsKindIsNotRecordedAndItsNeighboursAre() {
        Sample good = sample(new UUID(1, 1), 5);
        Sample tooWide =
                new Sample(new UUID(1, 2), "http://a/", good.tsMs(), new double[] {1, 2, 3}, Sample.SUCCESS, "");
        Sample noSuchStage = new Sample(new UUID(1, 3), "http://a/", good.tsMs(), new double[] {1, 2}, 7, "odd");
        Sample infinite = sample(new UUID(1, 4), Double.POSITIVE_INFINITY);
        Sample farAhead =
                new Sample(new UUID(1, 5), "http://a/", Long.MAX_VALUE, new double[] {1, 2}, Sample.SUCCESS, "");

        Decision decision = empty().decide(batch(List.of(tooWide, noSuchStage, good, infinite, farAhead)));

        assertThat(decision.receipt().accepted()).isEqualTo(1);
        assertThat(decision.receipt().unrecordable())
                .extracting(Unrecordable::id)
                .containsExactly(tooWide.id(), noSuchStage.id(), infinite.id(), farAhead.id());
        assertThat(decision.events()).singleElement().isEqualTo(new SamplesAccepted(batch(List.of(good))));
    }

    @Test
    void whatWasStoredBeforeAMeasureWasAddedIsReadWithoutIt() {
        Kind wider = new Kind(
                "qoe",
                "client_id",
                List.of(new Measure("dns", "ms"), new Measure("tcp", "ms"), new Measure("tls", "ms")),
                List.of("DNS", "TCP", "TLS"),
                1);
        Batch old = batch(List.of(sample(new UUID(1, 1), 5)));

        Windows restored = Windows.fromSnapshot(
                WindowsDomain.SOURCE, wider, record(empty(), old).toSnapshot());
        Windows replayed = record(new Windows(WindowsDomain.SOURCE, wider), old);

        for (WindowAggregate window : List.of(only(restored), only(replayed))) {
            assertThat(window.measures()).extracting(Distribution::count).containsExactly(1L, 1L, 0L);
            assertThat(window.errors()).containsExactly(0L, 0L, 0L);
        }
    }

    @Property
    void theIdSetHoldsWhatASetHolds(@ForAll @Size(max = 200) List<@IntRange(max = 60) Integer> numbers) {
        IdSet ids = new IdSet();
        Set<UUID> model = new HashSet<>();
        for (int number : numbers) {
            UUID id = new UUID(number % 2 == 0 ? number : 0, number / 2);

            assertThat(ids.contains(id)).isEqualTo(model.contains(id));
            assertThat(ids.add(id)).isEqualTo(model.add(id));
            assertThat(ids.size()).isEqualTo(model.size());
        }
    }

    private static Windows empty() {
        return new Windows(WindowsDomain.SOURCE, WindowsDomain.KIND);
    }

    private static Sample sample(UUID id, double value) {
        return new Sample(id, "http://a/", WindowsDomain.BASE_MS, new double[] {value, value}, Sample.SUCCESS, "");
    }

    private static Batch batch(List<Sample> samples) {
        return new Batch(WindowsDomain.SOURCE, WindowsDomain.BASE_MS, Map.of(), samples, false);
    }

    private static Windows record(Windows windows, Batch batch) {
        windows.decide(batch).events().forEach(windows::apply);
        return windows;
    }

    /** One event of each id, target and minute: the same id is the same event, whatever else a generator gave it. */
    private static List<Sample> distinct(List<Sample> samples) {
        Map<String, Sample> distinct = new LinkedHashMap<>();
        for (Sample sample : samples) {
            distinct.putIfAbsent(sample.id() + sample.target() + Minute.startOf(sample.tsMs()), sample);
        }
        return List.copyOf(distinct.values());
    }

    private static Map<String, WindowAggregate> aggregates(Windows windows) {
        Map<String, WindowAggregate> aggregates = new LinkedHashMap<>();
        for (String target : List.of("http://a/", "http://b/")) {
            windows.of(target).forEach(window -> aggregates.put(target + window.startMs(), window));
        }
        return aggregates;
    }

    private static WindowAggregate only(Windows windows) {
        assertThat(aggregates(windows)).hasSize(1);
        return aggregates(windows).values().iterator().next();
    }
}
