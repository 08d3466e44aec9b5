package io.sonde.edge;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Holds each client to its {@link ClientRate} on this node: a token bucket of events (as GCRA, ITU-T I.371 annex A) and a quota
 * of targets. Its memory is fixed, about 15 MiB, however many clients there are.
 */
final class ClientLimits {
    /** Room for 262,144 clients that are not quiet at the same time. */
    private static final int ROWS = 1 << 15;

    /** 8 MiB. */
    private static final int TARGET_WORDS = 1 << 20;

    private final ClientRates rates;
    private final LongSupplier nanos;
    private final long origin;
    private final SecretHash hash;
    private final Buckets buckets;
    private final NamedTargets named;

    /** @param nanos a clock that is never set, ns from any point */
    ClientLimits(ClientRates rates, LongSupplier nanos, RandomGenerator random) {
        this(rates, nanos, random, ROWS, TARGET_WORDS);
    }

    ClientLimits(ClientRates rates, LongSupplier nanos, RandomGenerator random, int rows, int targetWords) {
        this.rates = rates;
        this.nanos = nanos;
        this.origin = nanos.getAsLong();
        this.hash = SecretHash.random(random);
        this.buckets = new Buckets(rows);
        this.named = new NamedTargets(targetWords);
    }

    /**
     * Takes the events of a request from their clients' buckets: all of them, or none.
     *
     * @param events how many of which client, each at least 1 and at most the burst
     * @return 0 when they are taken, otherwise after how many ns the same would be
     */
    long take(String tenant, Map<String, Integer> events) {
        ClientRate rate = rates.of(tenant);
        long[] keys = events.keySet().stream()
                .mapToLong(client -> hash.of(tenant, client))
                .toArray();
        int[] counts = events.values().stream().mapToInt(Integer::intValue).toArray();
        synchronized (this) {
            return take(rate, keys, counts, now());
        }
    }

    private long take(ClientRate rate, long[] keys, int[] counts, long now) {
        int[] places = new int[keys.length];
        long[] before = new long[keys.length];
        long wait = 0;
        for (int i = 0; i < keys.length; i++) {
            int place = buckets.find(keys[i], now);
            places[i] = place;
            before[i] = buckets.fullAt(place);
            long after = Math.max(now, before[i]) + rate.nanosFor(counts[i]);
            buckets.fullAt(place, after);
            wait = Math.max(wait, after - rate.nanosForBurst() - now);
        }
        // The last first: two clients of the request may share a bucket.
        for (int i = keys.length - 1; i >= 0 && wait > 0; i--) {
            buckets.fullAt(places[i], before[i]);
        }
        return wait;
    }

    TargetQuota targets(String tenant) {
        return new TargetQuota(tenant, rates.of(tenant));
    }

    /** How many different targets a client may name in a minute. For one request; not safe for threads. */
    final class TargetQuota {
        private final String tenant;
        private final ClientRate rate;
        private String lastClient = "";
        private long lastKey;

        private TargetQuota(String tenant, ClientRate rate) {
            this.tenant = tenant;
            this.rate = rate;
        }

        /** False for a target that is one too many for the client in this minute. */
        boolean admits(String client, String target) {
            if (!client.equals(lastClient)) {
                lastClient = client;
                lastKey = hash.of(tenant, client);
            }
            return admit(rate, lastKey, hash.of(lastKey, target));
        }

        int perMinute() {
            return rate.targetsPerMinute();
        }
    }

    private synchronized boolean admit(ClientRate rate, long client, long pair) {
        long now = now();
        long minute = TimeUnit.NANOSECONDS.toMinutes(now);
        int place = buckets.find(client, now);
        if (buckets.isShared(place) || named.contains(pair, minute)) {
            return true;
        }
        int targets = buckets.targets(place, minute);
        if (targets >= rate.targetsPerMinute()) {
            return false;
        }
        buckets.targets(place, minute, targets + 1);
        named.add(pair, minute);
        return true;
    }

    private long now() {
        return nanos.getAsLong() - origin;
    }
}
