package io.sonde.query;

import io.sonde.core.Kind;
import io.sonde.edge.Problem;
import io.sonde.edge.ProblemException;
import io.sonde.edge.Standing;
import io.sonde.edge.WebSocketOffer.End;
import io.sonde.query.Subscription.Channel;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.Done;

/** One reader of the stream: what it wants to know, and what it has not read. */
final class Stream {
    static final int LONGEST_MESSAGE = 4_096;

    private static final int MOST_SUBSCRIPTIONS = 16;
    private static final int MOST_MISTAKES = 20;

    private final Standing reader;
    private final Kind kind;
    private final StreamSettings settings;
    private final Backlog backlog;
    private final Map<String, Subscription> subscriptions = new ConcurrentHashMap<>();
    private final CompletableFuture<End> end = new CompletableFuture<>();
    private final CompletableFuture<Done> ended = new CompletableFuture<>();
    private int mistakes;

    Stream(Standing reader, Kind kind, StreamSettings settings, StreamMetrics metrics) {
        this.reader = reader;
        this.kind = kind;
        this.settings = settings;
        this.backlog = new Backlog(settings, StreamJson::skipped, metrics);
    }

    Standing reader() {
        return reader;
    }

    Backlog backlog() {
        return backlog;
    }

    /** Completes when it is to end; whoever is first says why. */
    CompletableFuture<End> end() {
        return end;
    }

    /** Completes when it has ended. */
    CompletableFuture<Done> ended() {
        return ended;
    }

    Collection<Subscription> subscriptions() {
        return subscriptions.values();
    }

    boolean isOf(String tenant) {
        return reader.grant().tenant().equals(tenant);
    }

    boolean wants(Set<Channel> channels) {
        return subscriptions.values().stream().anyMatch(one -> channels.contains(one.channel()));
    }

    /** Does what a message asks for, or says what is wrong with it; true when something else is wanted since. One after the other. */
    boolean asked(String message) {
        try {
            if (message.getBytes(StandardCharsets.UTF_8).length > LONGEST_MESSAGE) {
                throw new ProblemException(new Problem(
                        413, "too-large", "Message too large", "A message may have " + LONGEST_MESSAGE + " bytes."));
            }
            Body asked = Body.parse(message);
            asked.allow(Set.of("subscribe", "unsubscribe"));
            Optional<Body> less = asked.object("unsubscribe");
            Optional<Body> more = asked.object("subscribe");
            if (less.isEmpty() && more.isEmpty()) {
                throw new ProblemException(new Problem(
                        400, "malformed-request", "Malformed request", "A message is to subscribe or to unsubscribe."));
            }
            less.ifPresent(this::unsubscribe);
            more.ifPresent(this::subscribe);
            return true;
        } catch (ProblemException mistake) {
            backlog.offer(StreamJson.error(mistake.problem()));
            if (++mistakes > MOST_MISTAKES) {
                end.complete(new End(End.POLICY, "too many messages that cannot be understood"));
            }
            return false;
        }
    }

    private void subscribe(Body asked) {
        Subscription subscription = Subscription.of(asked, kind);
        if (!subscriptions.containsKey(subscription.id()) && subscriptions.size() >= MOST_SUBSCRIPTIONS) {
            throw new ProblemException(new Problem(
                    429,
                    "too-many-subscriptions",
                    "Too many subscriptions",
                    "A stream may have " + MOST_SUBSCRIPTIONS + "; unsubscribe from one, or use its id again."));
        }
        subscriptions.put(subscription.id(), subscription);
        backlog.offer(StreamJson.subscribed(subscription, settings.silentAfter()));
    }

    private void unsubscribe(Body asked) {
        asked.allow(Set.of("id"));
        String id = Subscription.id(asked);
        if (subscriptions.remove(id) == null) {
            throw Parameters.invalid("id", id, "the id of a subscription of this stream");
        }
        backlog.offer(StreamJson.unsubscribed(id));
    }
}
