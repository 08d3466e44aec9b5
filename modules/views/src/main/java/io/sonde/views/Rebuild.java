package io.sonde.views;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import javax.sql.DataSource;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.projection.ProjectionBehavior;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Empties the read side of what the journal of closed windows still covers, and replays that, without a cluster. No node may
 * run meanwhile: its projections would write the same offsets.
 */
public final class Rebuild {
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private final ActorSystem<?> system;
    private final DataSource dataSource;
    private final ViewsSettings settings;
    private final RebuildStore store;

    /** @param patient without time-outs, for emptying at once what the journal still covers */
    public Rebuild(ActorSystem<?> system, DataSource dataSource, DataSource patient, ViewsSettings settings) {
        WindowProjection.checkConfiguration(system);
        this.system = system;
        this.dataSource = dataSource;
        this.settings = settings;
        this.store = new RebuildStore(patient);
    }

    /**
     * Completes when the read side, roll-ups included, is what the journal held when this began.
     *
     * @return from when on; what is older was left as it was, for the journal does not cover it any more. Empty when it covers
     *     everything
     */
    public CompletionStage<Optional<Instant>> run(Clock clock) {
        return Source.single(Done.getInstance())
                .map(begin -> new Begun(store.empty(), store.ends()))
                .flatMapConcat(begun -> replay(begun.ends()).map(done -> begun.from()))
                .map(from -> {
                    rollUp(clock.millis());
                    return from;
                })
                .withAttributes(blocking())
                .runWith(Sink.head(), system);
    }

    private void rollUp(long nowMs) throws SQLException {
        var unused = new RollupStore(dataSource, settings.rollupBatch()).rollUp(nowMs);
        unused = new OverviewRollupStore(dataSource, Duration.ZERO).rollUp(nowMs, Integer.MAX_VALUE);
    }

    private record Begun(Optional<Instant> from, Map<Integer, JournalOffset> ends) {}

    private Source<Done, ?> replay(Map<Integer, JournalOffset> ends) {
        List<ActorRef<ProjectionBehavior.Command>> slices =
                ends.keySet().stream().map(this::start).toList();
        return Source.tick(Duration.ZERO, LOOK_EVERY, Done.getInstance())
                .map(tick -> caughtUp(ends))
                .filter(done -> done)
                .take(1)
                .map(done -> Done.getInstance())
                .watchTermination((materialized, ended) -> ended.whenComplete(
                        (done, failure) -> slices.forEach(slice -> slice.tell(ProjectionBehavior.stopMessage()))))
                .withAttributes(blocking());
    }

    private ActorRef<ProjectionBehavior.Command> start(int slice) {
        return system.systemActorOf(
                ProjectionBehavior.create(WindowProjection.of(system, dataSource, settings, slice)),
                "rebuild-" + Slices.key(slice),
                Props.empty());
    }

    private boolean caughtUp(Map<Integer, JournalOffset> ends) {
        try {
            return store.copiedUpTo(ends);
        } catch (SQLException e) {
            throw new CompletionException(e);
        }
    }

    private static Attributes blocking() {
        return ActorAttributes.dispatcher(WindowProjection.DISPATCHER);
    }
}
