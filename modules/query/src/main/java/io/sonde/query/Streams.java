package io.sonde.query;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import io.sonde.core.Grant;
import io.sonde.core.Kind;
import io.sonde.core.Scope;
import io.sonde.edge.Access;
import io.sonde.edge.Problem;
import io.sonde.edge.Problems;
import io.sonde.edge.Standing;
import io.sonde.edge.WebSocketOffer;
import io.sonde.edge.WebSocketOffer.End;
import io.sonde.views.News;
import io.sonde.views.WindowQueries;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.ThrottleMode;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;

/** {@code GET /api/v1/stream}: what happens, told as it does over a WebSocket, to whoever may read and as long as they may. */
public final class Streams {
    /** The token was revoked, or the session has ended. */
    static final int NO_LONGER_GOOD = 4401;

    private static final int MESSAGES_A_SECOND = 20;
    private static final int MESSAGES_AT_ONCE = 50;
    private static final Duration SILENCE_CHECK = Duration.ofSeconds(5);
    private static final int RETRY_AFTER_S = 5;
    /** A reader that says nothing to the end is gone by then. */
    private static final Duration ENDED_WITHIN = Duration.ofSeconds(4);

    private final Kind kind;
    private final StreamSettings settings;
    private final StreamMetrics metrics;
    private final Clock clock;
    private final String node;
    private final Audience audience;
    private volatile boolean closing;

    /** @param node what it is called among the others */
    public Streams(
            Kind kind,
            News news,
            WindowQueries queries,
            StreamSettings settings,
            StreamMetrics metrics,
            Clock clock,
            String node) {
        this.kind = kind;
        this.settings = settings;
        this.metrics = metrics;
        this.clock = clock;
        this.node = node;
        this.audience =
                new Audience(kind, news, new Presence(kind.name(), queries::sources, settings.silentAfter()), clock);
    }

    /** Begins to look after those that will be open. */
    public Streams start(ActorSystem<?> system) {
        every(settings.heartbeat(), audience::heartbeat, system);
        every(settings.checkRights(), this::checkRights, system);
        every(SILENCE_CHECK, audience::tellOfSilence, system);
        return this;
    }

    public Route route(Access access) {
        return path(
                segment("api").slash("v1").slash("stream"),
                () -> get(() -> access.requireStanding(
                        Scope.READ, reader -> WebSocketOffer.required(offer -> open(offer, reader)))));
    }

    /** Tells all that the node goes, so that they ask another; completes when they have heard it, or do not answer. */
    public CompletionStage<Done> close() {
        closing = true;
        CompletableFuture<?>[] all = audience.streams().stream()
                .peek(stream -> stream.end().complete(goingAway()))
                .map(Stream::ended)
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(all)
                .completeOnTimeout(null, ENDED_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(ended -> Done.getInstance());
    }

    private Route open(WebSocketOffer offer, Standing reader) {
        Optional<HttpResponse> refusal = refusal(reader.grant());
        if (refusal.isPresent()) {
            return complete(refusal.get());
        }
        Stream stream = new Stream(reader, kind, settings, metrics);
        return offer.accept(talk(stream), Stream.LONGEST_MESSAGE, settings.heartbeat(), stream.end());
    }

    private Optional<HttpResponse> refusal(Grant grant) {
        if (closing || audience.streams().size() >= settings.maxStreams()) {
            return Optional.of(Problems.unavailable(
                    closing ? "The node stops; ask another." : "The node has as many streams open as it can.",
                    RETRY_AFTER_S));
        }
        return ofSame(grant) < settings.maxStreamsPerHolder()
                ? Optional.empty()
                : Optional.of(new Problem(
                                429,
                                "too-many-streams",
                                "Too many streams",
                                "One token or account may have " + settings.maxStreamsPerHolder()
                                        + " streams open at a node; close one.",
                                RETRY_AFTER_S,
                                json -> {})
                        .response());
    }

    private long ofSame(Grant grant) {
        return audience.streams().stream()
                .filter(stream -> stream.isOf(grant.tenant())
                        && stream.reader().grant().who().equals(grant.who()))
                .count();
    }

    private Flow<String, String, NotUsed> talk(Stream stream) {
        var asked = Flow.of(String.class)
                .throttle(MESSAGES_A_SECOND, Duration.ofSeconds(1), MESSAGES_AT_ONCE, ThrottleMode.shaping())
                .to(Sink.foreach(message -> {
                    if (stream.asked(message)) {
                        audience.listen();
                    }
                }));
        var said = stream.backlog().source().mapMaterializedValue(open -> begin(stream));
        return Flow.fromSinkAndSourceCoupled(asked, said).watchTermination((none, done) -> {
            var unused = done.whenComplete((finished, failure) -> ended(stream));
            return none;
        });
    }

    /** Several that ask at once may all have found room for one. */
    private NotUsed begin(Stream stream) {
        if (closing) {
            stream.end().complete(goingAway());
        } else if (refusal(stream.reader().grant()).isPresent()) {
            stream.end().complete(new End(End.TRY_AGAIN_LATER, "too many streams"));
        }
        audience.streams().add(stream);
        metrics.open.inc();
        stream.backlog().offer(StreamJson.hello(node, clock.millis()));
        return NotUsed.getInstance();
    }

    private void ended(Stream stream) {
        audience.streams().remove(stream);
        audience.listen();
        metrics.open.dec();
        stream.ended().complete(Done.getInstance());
    }

    private void checkRights() {
        for (Stream stream : audience.streams()) {
            var unused = stream.reader().again().get().thenAccept(now -> {
                if (now.filter(grant -> grant.allows(Scope.READ)).isEmpty()) {
                    stream.end().complete(new End(NO_LONGER_GOOD, "the token or session is no longer good"));
                }
            });
        }
    }

    private static End goingAway() {
        return new End(End.GOING_AWAY, "the node stops");
    }

    private static void every(Duration interval, Runnable task, ActorSystem<?> system) {
        system.scheduler().scheduleWithFixedDelay(interval, interval, task, system.executionContext());
    }
}
