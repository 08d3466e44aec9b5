package io.sonde.bench;

import io.sonde.core.Minute;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/**
 * A seeded load that keeps a {@link Ledger}: several senders at once, each with clients of its own, to any of the nodes.
 * Events are of a minute that has ended, so that their windows close at once. What is not answered is sent again as a probe
 * would, some of it is given up, and some of what was answered is sent again.
 */
public final class LedgerLoad implements AutoCloseable {
    private static final long LAST_REPEATS_LIMIT_S = 60;

    private final Ledger ledger;
    private final Map<String, LongAdder> answers = new ConcurrentHashMap<>();
    private final ExecutorService threads;
    private final SplittableRandom random;
    /** The last is for {@link #sendOf} and has no thread of its own. */
    private final List<LedgerSender> senders = new ArrayList<>();

    private final List<Future<?>> ends = new ArrayList<>();
    private final LongAccumulator slowestNanos = new LongAccumulator(Math::max, 0);

    /**
     * @param clients of each sender
     * @param targets of each client
     * @param batch events in a request, at most
     * @param pauseMs between two requests of a sender
     * @param ageMs since the end of an event's minute, when it is sent: this, and up to a minute more
     * @param fleeting whether each minute has clients of its own, who fall silent after it
     */
    public record Shape(int senders, int clients, int targets, int batch, int pauseMs, long ageMs, boolean fleeting) {
        public Shape(int senders, int clients, int targets, int batch, int pauseMs) {
            this(senders, clients, targets, batch, pauseMs, 0, false);
        }

        /** The last minute that ended so long ago: its windows have closed, and its events are not late yet. */
        long minute() {
            return Minute.startOf(System.currentTimeMillis() - ageMs) - Minute.LENGTH_MS;
        }

        String client(String prefix, int number, long minute) {
            return prefix + (fleeting ? minute / Minute.LENGTH_MS + "-" : "") + number;
        }
    }

    private LedgerLoad(Ledger ledger, int senders, SplittableRandom random) {
        this.ledger = ledger;
        this.random = random;
        this.threads = Executors.newFixedThreadPool(senders);
    }

    /** @param prefix how the names of the ledger's clients begin */
    public static LedgerLoad start(
            List<URI> nodes, String token, Ledger ledger, String prefix, Shape shape, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LedgerLoad load = new LedgerLoad(ledger, shape.senders(), random);
        for (int i = 0; i < shape.senders(); i++) {
            load.senders.add(new LedgerSender(nodes, token, load, prefix + i + "-", shape, random.split()));
        }
        load.senders.forEach(sender -> load.ends.add(load.threads.submit(sender)));
        load.senders.add(new LedgerSender(nodes, token, load, prefix, shape, random.split()));
        return load;
    }

    void note(List<LedgerEvent> events, Ledger.Outcome outcome, String answer, long nanos) {
        ledger.note(events, outcome);
        slowestNanos.accumulate(nanos);
        answers.computeIfAbsent(answer, any -> new LongAdder()).increment();
    }

    /** Requests by what they were answered: a status, or how the connection failed. */
    public Map<String, Long> answers() {
        Map<String, Long> counts = new TreeMap<>();
        answers.forEach((answer, count) -> counts.put(answer, count.sum()));
        return counts;
    }

    /** Requests answered 202. */
    public long taken() {
        LongAdder taken = answers.get("202");
        return taken == null ? 0 : taken.sum();
    }

    /** The longest that a request waited for its answer, or for the end of its connection, since this was last asked. */
    public Duration slowest() {
        return Duration.ofNanos(slowestNanos.getThenReset());
    }

    /**
     * One event of one client, now, beside the senders' own, until it is answered or too often not; for one thread.
     *
     * @param client whose name begins as the ledger's do, at most once a minute
     */
    public void sendOf(String client) throws InterruptedException {
        senders.get(senders.size() - 1).sendOf(client);
    }

    /** Sends nothing new; what is still unanswered goes again until it is answered, or too often, or too late. */
    public void finish() throws InterruptedException, ExecutionException, TimeoutException {
        senders.forEach(LedgerSender::finish);
        for (Future<?> end : ends) {
            var unused = end.get(LAST_REPEATS_LIMIT_S, TimeUnit.SECONDS);
        }
    }

    /** After {@link #finish}: everything that was ever sent, in another order, by one sender and in other requests. */
    public void sendAllAgain() throws InterruptedException {
        List<LedgerEvent> events = ledger.events();
        Collections.shuffle(events, new Random(random.nextLong()));
        senders.get(0).sendAll(events);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
