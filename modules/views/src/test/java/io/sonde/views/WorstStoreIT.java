package io.sonde.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sonde.core.ClosedWindows;
import io.sonde.core.Distribution;
import io.sonde.core.SourceId;
import io.sonde.core.Summary;
import io.sonde.core.UnreadableFormat;
import io.sonde.core.WindowAggregate;
import io.sonde.diagnosis.DiagnosisEvent.WindowsDiagnosed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class WorstStoreIT {
    private static final int MINUTES = 20;
    private static final ReadSide READ_SIDE = new ReadSide();
    private static final WorstStore STORE = new WorstStore(new TailMemory(1 << 20));
    private static int tenants;

    /** How the values of a tenant's windows are spread; each has its own corner. */
    enum Shape {
        FEW,
        TIES,
        ALIKE,
        SPIKES,
        MANY,
        SAMPLED
    }

    @Property(tries = 60)
    void theAnswerIsThatOfMergingEverything(@ForAll Shape shape, @ForAll long seed) {
        Random random = new Random(seed);
        String tenant = "worst-" + tenants++;
        write(tenant, shape, random);

        for (boolean lowest : List.of(false, true)) {
            for (int measure = 0; measure < 2; measure++) {
                int from = random.nextInt(MINUTES);
                int to = from + 1 + random.nextInt(MINUTES);
                WorstQuery query = query(tenant, measure, lowest, from, to, 1 + random.nextInt(12));

                Worst worst = READ_SIDE.ask(STORE::worst, query);

                assertThat(worst.keptFromMs()).isNull();
                assertThat(worst.series()).isEqualTo(naive(query));
            }
        }
    }

    @Property(tries = 40)
    void whatIsWrittenBetweenQuestionsIsSeen(@ForAll Shape shape, @ForAll long seed) {
        Random random = new Random(seed);
        String tenant = "worst-" + tenants++;
        WorstStore store = new WorstStore(new TailMemory(random.nextBoolean() ? Integer.MAX_VALUE : 20_000));
        List<Integer> revisions = new ArrayList<>(List.of(0, 20_000, 40_000));
        Collections.shuffle(revisions, random);

        for (int higherBy : revisions) {
            write(tenant, shape, random, higherBy);
            for (boolean lowest : List.of(false, true)) {
                WorstQuery query = query(tenant, 0, lowest, random.nextInt(5), 15 + random.nextInt(5), 5);

                assertThat(READ_SIDE.ask(store::worst, query).series()).isEqualTo(naive(query));
            }
        }
    }

    @Example
    void whatIsRememberedIsNotReadAgain() {
        String tenant = "worst-" + tenants++;
        write(tenant, Shape.MANY, new Random(1));
        WorstQuery query = query(tenant, 0, false, 0, MINUTES, 10);
        WorstStore store = new WorstStore(new TailMemory(1 << 20));
        READ_SIDE.ask(store::worst, query);
        READ_SIDE.execute("UPDATE window_tail SET tails = '\\x00' WHERE tenant = '" + tenant + "'");

        assertThat(READ_SIDE.ask(store::worst, query).series()).isEqualTo(naive(query));
        assertThatThrownBy(() -> READ_SIDE.ask(new WorstStore(new TailMemory(1 << 20))::worst, query))
                .isInstanceOf(UnreadableFormat.class);
        write(tenant, Shape.MANY, new Random(2), 20_000);
        assertThat(READ_SIDE.ask(store::worst, query).series()).isEqualTo(naive(query));
    }

    @Example
    void whatIsDeletedIsRememberedNoLonger() {
        String tenant = "worst-" + tenants++;
        SourceId source = new SourceId(tenant, "some", "source", 0);
        READ_SIDE.write(diagnosed(source, window("https://kept.example/", 0, new double[] {1}, 1, 0)));
        READ_SIDE.write(diagnosed(source, window("https://gone.example/", 0, new double[] {2}, 1, 0)));
        WorstQuery query = query(tenant, 0, false, 0, 1, 10);
        WorstStore store = new WorstStore(new TailMemory(1 << 20));
        assertThat(READ_SIDE.ask(store::worst, query).series()).hasSize(2);

        READ_SIDE.execute("DELETE FROM window_tail WHERE number ="
                + " (SELECT max(number) FROM window_tail WHERE tenant = '" + tenant + "' AND measure = 0)");

        assertThat(READ_SIDE.ask(store::worst, query).series())
                .extracting(Worst.Series::target)
                .containsExactly("https://kept.example/");
    }

    @Example
    void questionsAtTheSameTimeGetTheSameAnswer() {
        String tenant = "worst-" + tenants++;
        write(tenant, Shape.ALIKE, new Random(1));
        WorstStore store = new WorstStore(new TailMemory(10_000));
        WorstQuery query = query(tenant, 0, false, 0, MINUTES, 10);

        List<List<Worst.Series>> answers = IntStream.range(0, 40)
                .parallel()
                .mapToObj(any -> READ_SIDE.ask(store::worst, query).series())
                .toList();

        assertThat(answers).containsOnly(naive(query));
    }

    /** A twelfth of the values of each lies near the highest there are, in one bin. */
    @Example
    void ofSeriesThatShareTheBinOfTheirP95OnlyTheFirstAreRead() {
        String tenant = "worst-" + tenants++;
        SourceId source = new SourceId(tenant, "some", "source", 0);
        Random random = new Random(1);
        for (int minute = 0; minute < 3; minute++) {
            List<Diagnosed> events = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                double[] values = random.doubles(minute == 1 ? 100 : 48)
                        .map(uniform -> uniform < 0.88 ? 200 * uniform : 294.5 + 40 * (uniform - 0.88))
                        .toArray();
                events.add(
                        diagnosed(source, window("https://target-" + (1000 + i) + ".example/", minute, values, 3, 0)));
            }
            READ_SIDE.write(events);
        }
        WorstQuery query = query(tenant, 0, false, 0, 3, 20);
        List<Worst.Series> expected = naive(query);

        READ_SIDE.execute("UPDATE window_1m SET summary = '\\x00' WHERE series_id IN"
                + " (SELECT series_id FROM series WHERE tenant = '" + tenant + "' ORDER BY series_id OFFSET 100)");

        assertThat(READ_SIDE.ask(STORE::worst, query).series()).isEqualTo(expected);
    }

    @Example
    void oneTargetIsRankedByItself() {
        String tenant = "worst-" + tenants++;
        write(tenant, Shape.ALIKE, new Random(1));
        WorstQuery query = new WorstQuery(
                new SeriesFilter(tenant, "some", null, "https://target-3.example/"),
                0,
                false,
                Given.minute(0),
                Given.minute(MINUTES),
                10);

        assertThat(READ_SIDE.ask(STORE::worst, query).series()).hasSize(1).isEqualTo(naive(query));
    }

    /** Everything read, merged and sorted. */
    private static List<Worst.Series> naive(WorstQuery query) {
        Map<Long, List<WindowRow>> all = new LinkedHashMap<>();
        Position after = null;
        do {
            Page<WindowRow, Position> page = READ_SIDE.page(new WindowQuery(
                    query.series(), Resolution.MINUTE, query.fromMs(), query.toMs(), after, WindowQuery.MOST));
            for (WindowRow row : page.items()) {
                if (row.aggregate().measures().get(query.measure()).count() > 0) {
                    all.computeIfAbsent(row.seriesId(), any -> new ArrayList<>())
                            .add(row);
                }
            }
            after = page.last();
        } while (after != null);
        Comparator<Double> bad = query.lowest() ? Comparator.naturalOrder() : Comparator.reverseOrder();
        List<Worst.Series> found = new ArrayList<>();
        all.forEach((id, rows) -> {
            WindowRow peak = rows.stream()
                    .min(Comparator.comparing(row -> p95(row, query), bad))
                    .orElseThrow();
            found.add(new Worst.Series(
                    id,
                    peak.source(),
                    peak.aggregate().target(),
                    Merging.merge(rows.stream()
                            .map(row -> row.aggregate().measures().get(query.measure()))
                            .toList()),
                    rows.size(),
                    peak.aggregate().startMs(),
                    p95(peak, query)));
        });
        found.sort(Comparator.comparing((Worst.Series one) -> one.measure().p95(), bad)
                .thenComparing(Worst.Series::seriesId));
        return found.subList(0, Math.min(query.limit(), found.size()));
    }

    private static double p95(WindowRow row, WorstQuery query) {
        return row.aggregate().measures().get(query.measure()).p95();
    }

    /**
     * Some windows are written again with a higher revision, which has one value more, before or behind the lower one; some
     * have failures alone, some no value of the second measure.
     */
    private static void write(String tenant, Shape shape, Random random) {
        write(tenant, shape, random, 0);
    }

    /** @param higherBy what revisions are higher by; such have values, as a higher revision has those of a lower one */
    private static void write(String tenant, Shape shape, Random random, int higherBy) {
        int series = shape == Shape.SAMPLED ? 4 : 40;
        for (int minute = 0; minute < MINUTES; minute++) {
            List<Diagnosed> events = new ArrayList<>();
            if (higherBy > 0 && random.nextBoolean()) {
                continue;
            }
            for (int i = 0; i < series; i++) {
                if (random.nextInt(10) == 0) {
                    continue;
                }
                SourceId source = new SourceId(tenant, "some", "source-" + i % 7, 0);
                String target = "https://target-" + i + ".example/";
                double[] values = values(shape, i, random);
                if (higherBy > 0 && values.length == 0) {
                    continue;
                }
                int every = random.nextInt(10) == 0 ? Integer.MAX_VALUE : 3;
                events.add(diagnosed(source, window(target, minute, values, every, higherBy)));
                if (random.nextInt(5) == 0) {
                    double[] more = Arrays.copyOf(values, values.length + 1);
                    more[values.length] = random.nextInt(1_000);
                    events.add(
                            random.nextInt(events.size()),
                            diagnosed(source, window(target, minute, more, every, higherBy)));
                }
            }
            int cut = random.nextInt(events.size() + 1);
            READ_SIDE.write(events.subList(0, cut));
            READ_SIDE.write(events.subList(cut, events.size()));
        }
    }

    private static double[] values(Shape shape, int series, Random random) {
        int count =
                switch (shape) {
                    case FEW -> random.nextInt(4);
                    case TIES, ALIKE, SPIKES -> random.nextInt(30);
                    case MANY -> random.nextInt(300);
                    case SAMPLED -> 9_000 + random.nextInt(3_000);
                };
        boolean spike = random.nextInt(15) == 0;
        return random.doubles(count)
                .map(uniform -> switch (shape) {
                    case TIES -> 1 + Math.floor(uniform * 3) * 50;
                    case ALIKE -> 20 + uniform * 280;
                    case FEW, SAMPLED, MANY -> Math.exp(uniform * 10) * (1 + series % 5) / 10;
                    case SPIKES -> spike ? 500 + uniform * 500 : uniform < 0.1 ? 0 : series + uniform * 100;
                })
                .toArray();
    }

    /** As the windows of a node are: beyond 10,000 values a sample. The second measure has some of the values. */
    private static WindowAggregate window(String target, int minute, double[] values, int every, int higherBy) {
        double[] some = IntStream.range(0, values.length)
                .filter(i -> i % every == every / 2)
                .mapToDouble(i -> values[i])
                .toArray();
        return new WindowAggregate(
                target,
                Given.minute(minute),
                values.length,
                List.of(0L, 2L + higherBy),
                Map.of(),
                List.of(sampled(values), sampled(some)));
    }

    private static Distribution sampled(double[] values) {
        if (values.length <= 10_000) {
            return Given.distribution(values);
        }
        Distribution sample = Given.distribution(Arrays.copyOf(values, 10_000));
        double[] sorted = Arrays.copyOf(values, 10_000);
        Arrays.sort(sorted);
        return new Distribution(
                values.length,
                Arrays.stream(values).min().orElseThrow(),
                Arrays.stream(values).max().orElseThrow(),
                sample.p50(),
                sample.p95(),
                Summary.of(sorted, values.length));
    }

    private static Diagnosed diagnosed(SourceId source, WindowAggregate window) {
        return new Diagnosed(
                new WindowsDiagnosed(
                        new ClosedWindows(source, window.startMs(), Map.of(), List.of(window)), Map.of(), List.of()),
                window.startMs() + 63_000);
    }

    private static WorstQuery query(String tenant, int measure, boolean lowest, int from, int to, int limit) {
        return new WorstQuery(
                new SeriesFilter(tenant, "some", null, null),
                measure,
                lowest,
                Given.minute(from),
                Given.minute(to),
                limit);
    }
}
