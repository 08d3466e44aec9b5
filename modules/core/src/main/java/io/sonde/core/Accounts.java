package io.sonde.core;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What became of every event since the process started, by tenant and kind. At rest, over all nodes together,
 * {@code received = accepted + duplicate + late + refused + unavailable + dead_lettered} (P21). While events are under way
 * {@code received} is the larger side; if it stays so, something is lost. The other side can only be larger by what was
 * counted twice: batches the bus brought again after they were counted ({@code redelivered}), and events that came through
 * although their sender was told {@code unavailable}.
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
        /** Brought by the bus once more; beside the sum. */
        REDELIVERED;

        private String in(String tenant, String kind) {
            return "events_total{tenant=\"" + tenant + "\",kind=\"" + kind + "\",result=\""
                    + name().toLowerCase(Locale.ROOT) + "\"}";
        }
    }

    private record Owner(String tenant, String kind) {}

    private final Counters counters;
    private final Map<Owner, Map<Entry, LongAdder>> accounts = new ConcurrentHashMap<>();

    /** @param counters where each entry is also found by name, {@code events_total} */
    public Accounts(Counters counters) {
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
