package io.sonde.bus;

import io.sonde.core.SourceId;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The batches that failed on this node, and whether it is the batch or the time. While the journal is away every batch
 * fails and none of them is to blame; so a batch that "cannot be recorded now" has only failed when another one was recorded
 * since its last try. Bounded: what is forgotten is only tried more often.
 */
final class Attempts {
    /** What to do with a batch that was not recorded. */
    sealed interface Next {}

    record Again(Duration delay) implements Next {}

    /** @param first when it failed for the first time */
    record GiveUp(Instant first) implements Next {}

    /** Of a source whose batches went to the dead letters already. */
    private static final int MOST_FAILURES_OF_A_BROKEN_SOURCE = 2;
    /** While nothing can be recorded: seldom enough not to be a load, often enough to be back soon. */
    private static final Duration LONGEST_DELAY_FOR_ALL = Duration.ofSeconds(5);

    private final JetStreamSettings.DeadLettering settings;
    private final Map<MessageId, Tried> tried;
    private final Map<SourceId, Boolean> broken;
    private final Map<MessageId, Boolean> done;
    /** When each that is neither recorded nor a dead letter was delivered last. */
    private final Map<MessageId, Instant> came;

    private long recorded;

    /** @param recordedBefore how many other batches had been recorded at its last failure */
    private record Tried(Instant first, int failures, int tries, long recordedBefore) {}

    Attempts(JetStreamSettings.DeadLettering settings, int most) {
        this.settings = settings;
        this.tried = bounded(most);
        this.broken = bounded(most);
        this.done = bounded(most);
        this.came = bounded(most);
    }

    /** False when it was recorded before, and only the server has not heard of it. */
    synchronized boolean recorded(MessageId id, SourceId source) {
        recorded++;
        tried.remove(id);
        broken.remove(source);
        return done.put(id, true) == null;
    }

    /** @param now true when it could not be recorded now, false when it could not be recorded as it is */
    synchronized Next failed(MessageId id, SourceId source, boolean now, Instant at) {
        int most = broken.containsKey(source)
                ? Math.min(MOST_FAILURES_OF_A_BROKEN_SOURCE, settings.mostFailures())
                : settings.mostFailures();
        Next next = failed(id, now, most, at);
        if (next instanceof GiveUp) {
            broken.put(source, true);
        }
        return next;
    }

    /** This node cannot read it; nobody knows whose it is. */
    synchronized Next unreadable(MessageId id, Instant at) {
        return failed(id, false, settings.mostFailures(), at);
    }

    private Next failed(MessageId id, boolean now, int most, Instant at) {
        Tried before = tried.getOrDefault(id, new Tried(at, 0, 0, recorded));
        boolean counts = !now || recorded > before.recordedBefore;
        Tried after = new Tried(before.first, before.failures + (counts ? 1 : 0), before.tries + 1, recorded);
        if (after.failures >= most) {
            tried.remove(id);
            return new GiveUp(before.first);
        }
        tried.put(id, after);
        return new Again(
                counts
                        ? delay(after.failures, settings.longestDelay())
                        : delay(after.tries, shorter(settings.longestDelay(), LONGEST_DELAY_FOR_ALL)));
    }

    /** It was delivered to this node. */
    synchronized void came(MessageId id, Instant at) {
        came.remove(id);
        came.put(id, at);
    }

    /** It need not come any more. */
    synchronized void gone(MessageId id) {
        came.remove(id);
    }

    /** False when it was not delivered to this node since, or is recorded. */
    synchronized boolean cameSince(MessageId id, Instant since) {
        Instant last = came.get(id);
        return last != null && !last.isBefore(since);
    }

    Duration longestDelay() {
        return settings.longestDelay();
    }

    /** How many batches were recorded, here and since the start. */
    synchronized long recorded() {
        return recorded;
    }

    synchronized boolean areThere() {
        return !tried.isEmpty();
    }

    /** The stream counts anew. */
    synchronized void forget() {
        tried.clear();
        came.clear();
    }

    private Duration delay(int attempt, Duration longest) {
        int doublings = Math.min(attempt - 1, 20);
        return shorter(settings.delay().multipliedBy(1L << doublings), longest);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    static <K, V> Map<K, V> bounded(int most) {
        return new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        };
    }
}
