package io.sonde.diagnosis;

import io.sonde.core.ClosedWindows;
import io.sonde.core.Norm;
import io.sonde.core.SourceId;
import io.sonde.core.Tracing;
import io.sonde.core.UnreadableFormat;
import io.sonde.core.UsualHours;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.SnapshotAdapter;
import org.apache.pekko.persistence.typed.javadsl.CommandHandlerWithReply;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import org.apache.pekko.persistence.typed.javadsl.ReplyEffect;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

/**
 * The diagnoser of one source: lets its {@link Diagnoses} judge closed windows, persists, confirms. A failed write stops
 * it; the windows are handed over again and start it again.
 */
final class DiagnoserEntity
        extends EventSourcedBehaviorWithEnforcedReplies<DiagnoserEntity.Command, DiagnosisEvent, Diagnoses> {
    static final EntityTypeKey<Command> KEY = EntityTypeKey.create(Command.class, "diagnoser");

    private static final int SNAPSHOT_EVERY = 100;
    private static final long HOUR_MS = 3_600_000;

    sealed interface Command {}

    record Judge(ClosedWindows closed, ActorRef<Done> replyTo) implements Command {
        Judge {
            Objects.requireNonNull(closed);
            Objects.requireNonNull(replyTo);
        }
    }

    /** The slower baseline has been looked up, or could not be. Never leaves the node. */
    private record Looked(long hourMs, Map<String, List<Norm>> sameHour)
            implements Command, NoSerializationVerificationNeeded {}

    private final ActorContext<Command> context;
    private final SourceId source;
    private final Supplier<Diagnostics> diagnostics;
    private final UsualHours usualHours;
    private final Tracing tracing;
    private final DiagnosisMetrics metrics;
    private boolean counted;
    /** Of the windows that are being judged and written. */
    private List<Tracing.Step> underWay = List.of();

    private long hourMs = Long.MIN_VALUE;
    private Map<String, List<Norm>> sameHour = Map.of();

    static Behavior<Command> create(
            SourceId source,
            Supplier<Diagnostics> diagnostics,
            UsualHours usualHours,
            Tracing tracing,
            DiagnosisMetrics metrics) {
        return Behaviors.setup(
                context -> new DiagnoserEntity(context, source, diagnostics, usualHours, tracing, metrics));
    }

    private DiagnoserEntity(
            ActorContext<Command> context,
            SourceId source,
            Supplier<Diagnostics> diagnostics,
            UsualHours usualHours,
            Tracing tracing,
            DiagnosisMetrics metrics) {
        super(PersistenceId.ofUniqueId(source.entityId()));
        this.context = context;
        this.source = source;
        this.diagnostics = diagnostics;
        this.usualHours = usualHours;
        this.tracing = tracing;
        this.metrics = metrics;
    }

    @Override
    public Diagnoses emptyState() {
        return new Diagnoses();
    }

    @Override
    public CommandHandlerWithReply<Command, DiagnosisEvent, Diagnoses> commandHandler() {
        return newCommandHandlerWithReplyBuilder()
                .forAnyState()
                .onCommand(Judge.class, this::onJudge)
                .onCommand(Looked.class, this::onLooked)
                .build();
    }

    @Override
    public EventHandler<Diagnoses, DiagnosisEvent> eventHandler() {
        return Diagnoses::apply;
    }

    @Override
    public SignalHandler<Diagnoses> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), this::onRecovered)
                .onSignal(PostStop.instance(), diagnoses -> onStopped())
                .build();
    }

    private void onRecovered(Diagnoses diagnoses) {
        long journalled = lastSequenceNumber(context);
        if (diagnoses.events() != journalled) {
            throw new UnreadableFormat("the journal of closed windows of " + source + " has a gap: "
                    + diagnoses.events() + " events before number " + journalled + " were found");
        }
        counted = true;
        metrics.entities.inc();
        metrics.recoveries.inc();
    }

    private void onStopped() {
        if (counted) {
            metrics.entities.dec();
        }
        underWay.forEach(step -> step.failed("stopped"));
    }

    private ReplyEffect<DiagnosisEvent, Diagnoses> onJudge(Diagnoses diagnoses, Judge command) {
        long beganNanos = System.nanoTime();
        lookUp(command.closed().startMs());
        ClosedWindows closed = command.closed();
        Tracing.Step step = tracing.begin(Tracing.Hop.DIAGNOSE, closed.traces());
        List<DiagnosisEvent> events =
                diagnoses.decide(closed.traced(step.contexts()), diagnostics.get(), sameHour).stream()
                        .map(DiagnosisEvent.class::cast)
                        .toList();
        Tracing.Step write =
                events.isEmpty() ? Tracing.NONE : tracing.begin(Tracing.Hop.JOURNAL_WINDOWS, step.contexts());
        underWay = List.of(step, write);
        return Effect()
                .persist(events)
                .thenRun(updated -> {
                    metrics.written(events, System.nanoTime() - beganNanos);
                    write.end();
                    step.end();
                    underWay = List.of();
                })
                .thenReply(command.replyTo(), updated -> Done.getInstance());
    }

    /** Once an hour. No window waits for it: what it says is there for people and for the windows to come. */
    private void lookUp(long startMs) {
        long hour = startMs - Math.floorMod(startMs, HOUR_MS);
        if (hour > hourMs) {
            hourMs = hour;
            context.pipeToSelf(
                    usualHours.sameHour(source, hour),
                    (found, failure) -> new Looked(hour, found == null ? Map.of() : found));
        }
    }

    private ReplyEffect<DiagnosisEvent, Diagnoses> onLooked(Diagnoses diagnoses, Looked looked) {
        if (looked.hourMs() == hourMs) {
            sameHour = looked.sameHour();
        }
        return Effect().noReply();
    }

    @Override
    public String journalPluginId() {
        return "sonde.diagnosis.journal";
    }

    @Override
    public String snapshotPluginId() {
        return "sonde.diagnosis.snapshot";
    }

    @Override
    public SnapshotAdapter<Diagnoses> snapshotAdapter() {
        return new DiagnosesSnapshot.Adapter();
    }

    /** Events stay: projections and a rebuild of the read side follow them. */
    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(SNAPSHOT_EVERY, 1);
    }
}
