package io.sonde.windows;

import io.sonde.core.Batch;
import io.sonde.core.ClosedWindows;
import io.sonde.core.Failpoint;
import io.sonde.core.Receipt;
import io.sonde.core.Tracing;
import io.sonde.core.UnreadableFormat;
import io.sonde.core.WindowAggregate;
import io.sonde.windows.Windows.Decision;
import io.sonde.windows.WindowsEvent.SamplesAccepted;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.SnapshotAdapter;
import org.apache.pekko.persistence.typed.SnapshotCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandlerWithReply;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import org.apache.pekko.persistence.typed.javadsl.ReplyEffect;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

/**
 * One source in the cluster: lets its {@link Windows} decide, persists, answers, and hands closed windows over. A failed
 * write stops it; whoever sends next starts it again.
 */
final class WindowsEntity
        extends EventSourcedBehaviorWithEnforcedReplies<WindowsEntity.Command, WindowsEvent, Windows> {
    static final EntityTypeKey<Command> KEY = EntityTypeKey.create(Command.class, "windows");

    private static final Duration IDLE = Duration.ofMinutes(1);

    sealed interface Command {}

    record Record(Batch batch, ActorRef<Receipt> replyTo) implements Command {
        Record {
            Objects.requireNonNull(batch);
            Objects.requireNonNull(replyTo);
        }
    }

    record Show(String target, ActorRef<Shown> replyTo) implements Command {}

    record Shown(List<WindowAggregate> windows) {}

    private record HandedOver(FollowedWindows.Closing closing, Optional<Throwable> failure) implements Command {}

    enum WakeUp implements Command {
        NOW
    }

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final ActorRef<ClusterSharding.ShardCommand> shard;
    private final WindowsAssignment assignment;
    private final Handover handover;
    private final FollowedWindows followed;
    private final CountedSource counted;
    private long wakeUpMs = Long.MAX_VALUE;

    static Behavior<Command> create(WindowsAssignment assignment, ActorRef<ClusterSharding.ShardCommand> shard) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new WindowsEntity(context, timers, shard, assignment)));
    }

    private WindowsEntity(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            ActorRef<ClusterSharding.ShardCommand> shard,
            WindowsAssignment assignment) {
        super(PersistenceId.ofUniqueId(assignment.source().entityId()));
        this.context = context;
        this.timers = timers;
        this.shard = shard;
        this.assignment = assignment;
        this.handover = new Handover(assignment.source(), assignment.local()::count);
        this.followed = new FollowedWindows(assignment.tracing());
        this.counted = new CountedSource(assignment.metrics());
    }

    @Override
    public Windows emptyState() {
        return new Windows(assignment.source(), assignment.kind());
    }

    @Override
    public CommandHandlerWithReply<Command, WindowsEvent, Windows> commandHandler() {
        return newCommandHandlerWithReplyBuilder()
                .forAnyState()
                .onCommand(Record.class, this::onRecord)
                .onCommand(Show.class, this::onShow)
                .onCommand(WakeUp.class, (windows, wakeUp) -> onWakeUp(windows))
                .onCommand(HandedOver.class, this::onHandedOver)
                .build();
    }

    @Override
    public EventHandler<Windows, WindowsEvent> eventHandler() {
        return Windows::apply;
    }

    @Override
    public SignalHandler<Windows> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), this::onRecovered)
                .onSignal(SnapshotCompleted.class, (windows, completed) -> Failpoint.AFTER_SNAPSHOT.pass())
                .onSignal(PostStop.instance(), this::onStopped)
                .build();
    }

    private void onRecovered(Windows windows) {
        long journalled = lastSequenceNumber(context);
        if (windows.events() != journalled) {
            throw new UnreadableFormat("the journal of " + assignment.source() + " has a gap: " + windows.events()
                    + " events before number " + journalled + " were found");
        }
        counted.recovered(windows);
        assignment.local().runs(assignment.source(), context.getSelf());
        lookAgain(windows);
    }

    private void onStopped(Windows windows) {
        assignment.local().ends(assignment.source(), context.getSelf());
        counted.stopped();
        followed.stopped();
        if (!windows.isEmpty()) {
            Failpoint.AT_HAND_OFF.pass();
        }
    }

    private ReplyEffect<WindowsEvent, Windows> onRecord(Windows windows, Record command) {
        long beganNanos = System.nanoTime();
        Tracing.Step step = followed.record(command.batch());
        Decision decision = windows.decide(command.batch());
        Failpoint.BEFORE_JOURNAL_WRITE.pass();
        Tracing.Step write = followed.journal(step, decision);
        return Effect()
                .persist(decision.events())
                .thenRun(updated -> {
                    Failpoint.AFTER_JOURNAL_WRITE.pass();
                    followed.journalled(step, write, command.batch(), decision);
                    decision.events().forEach(event -> onJournalled(updated, event, command.batch(), beganNanos));
                })
                .thenReply(command.replyTo(), updated -> decision.receipt());
    }

    private ReplyEffect<WindowsEvent, Windows> onShow(Windows windows, Show command) {
        return Effect().reply(command.replyTo(), new Shown(windows.of(command.target())));
    }

    private ReplyEffect<WindowsEvent, Windows> onWakeUp(Windows windows) {
        long now = assignment.clock().millis();
        long beganNanos = System.nanoTime();
        handover.next(windows, now).ifPresent(closed -> handOver(closed, System.nanoTime() - beganNanos));
        OptionalLong sealable =
                handover.sealable(windows, assignment.watermark().watermarkMs());
        if (sealable.isPresent()) {
            handover.sealed(sealable.getAsLong());
            return Effect()
                    .persist(windows.seal(sealable.getAsLong()))
                    .thenRun(this::onSealed)
                    .thenNoReply();
        }
        if (windows.isEmpty()) {
            Failpoint.AT_PASSIVATION.pass();
            counted.passivates();
            assignment.local().ends(assignment.source(), context.getSelf());
            shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
        }
        lookAgain(windows);
        return Effect().noReply();
    }

    private void handOver(ClosedWindows closed, long nanos) {
        counted.closed(closed, nanos);
        FollowedWindows.Closing closing = followed.close(closed);
        context.pipeToSelf(
                assignment.subscriber().closed(closing.windows()),
                (confirmation, failure) -> new HandedOver(closing, Optional.ofNullable(failure)));
    }

    private ReplyEffect<WindowsEvent, Windows> onHandedOver(Windows windows, HandedOver handedOver) {
        ClosedWindows closed = handedOver.closing().windows();
        followed.closed(handedOver.closing(), handedOver.failure().orElse(null));
        if (handedOver.failure().isEmpty()) {
            counted.confirmed(handover.confirmed(closed));
        } else if (handover.failed(closed, assignment.clock().millis())) {
            context.getLog().warn("closed windows of {} go again: {}", assignment.source(), handedOver.failure());
        }
        lookAgain(windows);
        return Effect().noReply();
    }

    private void onJournalled(Windows windows, WindowsEvent event, Batch batch, long beganNanos) {
        counted.journalled(windows, System.nanoTime() - beganNanos);
        if (event instanceof SamplesAccepted accepted) {
            counted.accepted(
                    accepted.batch().traced(batch.traces()), assignment.clock().millis());
            // Once a minute in a steady stream: the first sample of a new window is due later than what is planned.
            if (handover.dueMs(accepted.batch()) < wakeUpMs) {
                lookAgain(windows);
            }
        }
    }

    private void onSealed(Windows windows) {
        counted.sealed(windows);
        lookAgain(windows);
    }

    private void lookAgain(Windows windows) {
        long now = assignment.clock().millis();
        wakeUpMs = handover.wakeUpMs(windows, now).orElse(Long.MAX_VALUE);
        Duration delay = windows.isEmpty() ? IDLE : Duration.ofMillis(Math.max(0, wakeUpMs - now));
        timers.startSingleTimer(WakeUp.NOW, WakeUp.NOW, delay);
    }

    @Override
    public String journalPluginId() {
        return "sonde.windows.journal";
    }

    @Override
    public String snapshotPluginId() {
        return "sonde.windows.snapshot";
    }

    @Override
    public SnapshotAdapter<Windows> snapshotAdapter() {
        return new WindowsSnapshot.Adapter(assignment.source(), assignment.kind());
    }

    /** With it goes what it replaces: the snapshot store sees to that. */
    @Override
    public boolean shouldSnapshot(Windows windows, WindowsEvent event, long sequenceNumber) {
        return windows.isSnapshotDue(assignment.snapshotEvery());
    }
}
