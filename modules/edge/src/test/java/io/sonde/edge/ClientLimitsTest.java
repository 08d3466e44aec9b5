package io.sonde.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

class ClientLimitsTest {
    private static final long SECOND = 1_000_000_000;
    private static final int RATE = 100;
    private static final int BURST = 20;
    private static final ClientRates RATES = new ClientRates(new ClientRate(RATE, BURST, 5), Map.of());

    private long nanos = 77;

    /** A request, so long after the one before it. */
    record Request(long pause, Map<String, Integer> events) {}

    @Property(tries = 100)
    void p18ARequestPassesExactlyWhenTheBucketOfEachOfItsClientsHoldsIt(@ForAll("requests") List<Request> requests) {
        ClientLimits limits = limits(64);
        Map<String, Long> levels = new HashMap<>();
        for (Request request : requests) {
            nanos += request.pause();
            levels.replaceAll((client, level) -> Math.min(level + request.pause() * RATE, BURST * SECOND));
            request.events().keySet().forEach(client -> levels.putIfAbsent(client, BURST * SECOND));
            boolean fits = request.events().entrySet().stream()
                    .allMatch(events -> levels.getOrDefault(events.getKey(), 0L) >= events.getValue() * SECOND);

            boolean taken = limits.take("default", request.events()) == 0;

            assertThat(taken).isEqualTo(fits);
            if (fits) {
                request.events().forEach((client, n) -> levels.merge(client, -n * SECOND, Long::sum));
            }
        }
    }

    @Property(tries = 100)
    void p18NobodyGetsMoreByCrowdingTheTable(@ForAll("requests") List<Request> requests) {
        ClientLimits crowded = limits(1);
        Map<String, List<long[]>> taken = new HashMap<>();
        for (Request request : requests) {
            nanos += request.pause();
            if (crowded.take("default", request.events()) == 0) {
                request.events().forEach((client, n) -> taken.computeIfAbsent(client, any -> new ArrayList<>())
                        .add(new long[] {nanos, n}));
            }
        }

        taken.values().forEach(ClientLimitsTest::assertNeverMoreThanBurstAndRate);
    }

    private static void assertNeverMoreThanBurstAndRate(List<long[]> taken) {
        for (int from = 0; from < taken.size(); from++) {
            long events = 0;
            for (int to = from; to < taken.size(); to++) {
                events += taken.get(to)[1];
                long span = taken.get(to)[0] - taken.get(from)[0];
                assertThat(events * SECOND).isLessThanOrEqualTo(BURST * SECOND + RATE * span);
            }
        }
    }

    @Property(tries = 100)
    void p18WhatIsRefusedPassesAfterTheTimeSaidAndNotBefore(@ForAll("requests") List<Request> requests) {
        ClientLimits limits = limits(64);
        for (Request request : requests) {
            long wait = limits.take("default", request.events());
            if (wait > 0) {
                nanos += wait - 1;
                assertThat(limits.take("default", request.events())).isEqualTo(1);
                nanos++;
                assertThat(limits.take("default", request.events())).isZero();
            }
        }
    }

    @Test
    void aTenantMayHaveARateOfItsOwn() {
        ClientRates rates =
                new ClientRates(new ClientRate(1, 10, 10), Map.of("acme", new ClientRate(1_000, 1_000, 10)));
        ClientLimits limits = new ClientLimits(rates, () -> nanos, new Random(1), 64, 64);

        assertThat(limits.take("acme", Map.of("a", 1_000))).isZero();
        assertThat(limits.take("default", Map.of("a", 10))).isZero();
        assertThat(limits.take("default", Map.of("a", 1))).isEqualTo(SECOND);
        assertThat(limits.take("acme", Map.of("a", 1))).isEqualTo(SECOND / 1_000);
    }

    @Test
    void aMillionClientsTakeLessThan24MiB() {
        long before = usedHeap();
        ClientLimits limits = new ClientLimits(RATES, () -> nanos, new Random(1));

        for (int i = 0; i < 1_000_000; i++) {
            String client = "client-" + i;
            limits.take("default", Map.of(client, 1));
            limits.targets("default").admits(client, "https://example.org/" + i);
        }

        assertThat(usedHeap() - before).isLessThan(24 << 20);
        assertThat(limits.take("default", Map.of("client-5", BURST))).isPositive();
    }

    @Test
    void inAMinuteAClientMayNameSoManyTargetsAsOftenAsItLikes() {
        ClientLimits.TargetQuota quota = limits(64).targets("default");

        for (int round = 0; round < 3; round++) {
            for (int target = 0; target < 5; target++) {
                assertThat(quota.admits("a", "http://t/" + target)).isTrue();
            }
            assertThat(quota.admits("a", "http://one-too-many/")).isFalse();
        }
        assertThat(quota.admits("b", "http://one-too-many/")).isTrue();
        nanos += 60 * SECOND;
        assertThat(quota.admits("a", "http://one-too-many/")).isTrue();
    }

    @Property(tries = 100)
    void aClientWithinItsQuotaIsNeverRefusedATarget(@ForAll("pairs") List<Map.Entry<String, String>> pairs) {
        ClientLimits.TargetQuota quota = limits(1).targets("default");
        Map<String, Map<String, Boolean>> named = new HashMap<>();

        for (Map.Entry<String, String> pair : pairs) {
            Map<String, Boolean> targets = named.computeIfAbsent(pair.getKey(), any -> new LinkedHashMap<>());
            targets.put(pair.getValue(), true);
            if (targets.size() <= 5) {
                assertThat(quota.admits(pair.getKey(), pair.getValue())).isTrue();
            }
        }
    }

    @Test
    void targetsOfTheSameHashCodeAreDifferentTargets() {
        assertThat("http://Aa".hashCode()).isEqualTo("http://BB".hashCode());
        ClientLimits limits = new ClientLimits(
                new ClientRates(new ClientRate(1, 1, 1), Map.of()), () -> nanos, new Random(1), 64, 1 << 10);
        ClientLimits.TargetQuota quota = limits.targets("default");

        assertThat(quota.admits("a", "http://Aa")).isTrue();
        assertThat(quota.admits("a", "http://BB")).isFalse();
    }

    @Provide
    Arbitrary<List<Request>> requests() {
        Arbitrary<Long> pauses = Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.of(0L, 1L, SECOND / RATE - 1, SECOND / RATE)),
                Tuple.of(1, Arbitraries.longs().between(0, SECOND)));
        Arbitrary<Integer> events = Arbitraries.oneOf(
                Arbitraries.of(1, BURST - 1, BURST), Arbitraries.integers().between(1, BURST));
        Arbitrary<Map<String, Integer>> clients = Arbitraries.maps(Arbitraries.of(clients(24)), events)
                .ofMinSize(1)
                .ofMaxSize(4);
        return Combinators.combine(pauses, clients).as(Request::new).list().ofMaxSize(60);
    }

    @Provide
    Arbitrary<List<Map.Entry<String, String>>> pairs() {
        return Combinators.combine(
                        Arbitraries.of(clients(12)), Arbitraries.integers().between(0, 7))
                .as((client, target) -> Map.entry(client, "http://t/" + target))
                .list()
                .ofMaxSize(100);
    }

    private static List<String> clients(int n) {
        return IntStream.range(0, n).mapToObj(i -> "c" + i).toList();
    }

    private ClientLimits limits(int rows) {
        return new ClientLimits(RATES, () -> nanos, new Random(42), rows, 1 << 10);
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
