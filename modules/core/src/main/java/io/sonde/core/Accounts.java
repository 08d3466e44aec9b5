package io.sonde.core;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What became of every event since the process started, by tenant and kind. At rest, over all nodes together,
 * {@code received = accepted + duplicate + late + refused + unavailable + dead_lettered} (P21). While events are under way
 * {@code received} is the larger side; if it stays so, something is lost. The other side can only be larger by what was
 * counted twice: duplicates the bus brought again, which another node may have counted before ({@code redelivered}), and
 * events that came through although their sender was told {@code unavailable}.
 */
public final class Accounts {
    /** What can become of an event. */
    public enum Entry {
        RECEIVED,
        ACCEPTED,
        DUPLICATE,
        LATE,
        REFUSED,
        /** Its sender was told to come again. */
        UNAVAILABLE,
        DEAD_LETTERED,
        /**
         * Brought by the bus once more; beside the sum. What this node had counted before is entered here alone. What it had
         * not, and the journal knows, is entered as a duplicate too: its sender may have sent it twice.
         */
        REDELIVERED;

        /** As in answers and counters: {@code dead_lettered}. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        private int sign() {
            return switch (this) {
                case RECEIVED -> 1;
                case ACCEPTED, DUPLICATE, LATE, REFUSED, UNAVAILABLE, DEAD_LETTERED -> -1;
                case REDELIVERED -> 0;
            };
        }

        private String in(String tenant, String kind) {
            return "events_total{tenant=\"" + tenant + "\",kind=\"" + kind + "\",result=\"" + code() + "\"}";
        }
    }

    private record Owner(String tenant, String kind) {}

    /**
     * The account of one tenant and kind.
     *
     * @param underWay received and nothing known of it yet; negative by what was counted twice
     */
    public record Balance(String tenant, String kind, Map<Entry, Long> sums, long underWay) {}

    private final Counters counters;
    private final Map<Owner, Map<Entry, LongAdder>> accounts = new ConcurrentHashMap<>();

    /** @param counters where each entry is also found by name, {@code events_total} */
    Accounts(Counters counters) {
        this.counters = counters;
    }

    public void add(SourceId source, Entry entry, long events) {
        add(source.tenant(), source.kind(), entry, events);
    }

    public void add(String tenant, String kind, Entry entry, long events) {
        if (events != 0) {
            of(tenant, kind, entry).add(events);
        }
    }

    /** Enters what a receipt says, once the journal has counted: before that nothing is known but that it was received. */
    public void settle(SourceId source, Receipt receipt) {
        if (receipt.counted()) {
            add(source, Entry.ACCEPTED, receipt.accepted());
            add(source, Entry.DUPLICATE, receipt.duplicate());
            add(source, Entry.LATE, receipt.late());
        }
    }

    public long sum(String tenant, String kind, Entry entry) {
        return of(tenant, kind, entry).sum();
    }

    /** Of every tenant and kind that was heard of; each sum is read at its own moment. */
    public List<Balance> balances() {
        return accounts.entrySet().stream()
                .map(account -> balance(account.getKey(), account.getValue()))
                .sorted(Comparator.comparing(Balance::tenant).thenComparing(Balance::kind))
                .toList();
    }

    private static Balance balance(Owner owner, Map<Entry, LongAdder> account) {
        Map<Entry, Long> sums = new EnumMap<>(Entry.class);
        long underWay = 0;
        for (Map.Entry<Entry, LongAdder> entry : account.entrySet()) {
            long sum = entry.getValue().sum();
            sums.put(entry.getKey(), sum);
            underWay += entry.getKey().sign() * sum;
        }
        return new Balance(owner.tenant(), owner.kind(), sums, underWay);
    }

    private LongAdder of(String tenant, String kind, Entry entry) {
        Map<Entry, LongAdder> account = accounts.computeIfAbsent(new Owner(tenant, kind), this::open);
        return Objects.requireNonNull(account.get(entry));
    }

    private Map<Entry, LongAdder> open(Owner owner) {
        Map<Entry, LongAdder> account = new EnumMap<>(Entry.class);
        for (Entry entry : Entry.values()) {
            account.put(entry, counters.named(entry.in(owner.tenant(), owner.kind())));
        }
        return account;
    }
}
