package io.sonde.problems;

import io.sonde.core.Failpoint;
import io.sonde.core.OpenIncident;
import io.sonde.problems.Problem.Ack;
import io.sonde.problems.ProblemsEvent.DeliveryChanged;
import io.sonde.problems.ProblemsEvent.SilenceChanged;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.BackoffSupervisorStrategy;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.SnapshotAdapter;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The problems of the cluster: looks at what is open, lets {@link Problems} decide, persists, then sends what is due. */
final class ProblemsEntity extends EventSourcedBehavior<ProblemsEntity.Command, ProblemsEvent, Problems> {
    static final PersistenceId ID = PersistenceId.ofUniqueId("problems");

    private static final Logger LOG = LoggerFactory.getLogger(ProblemsEntity.class);
    private static final int SNAPSHOT_EVERY = 100;
    private static final BackoffSupervisorStrategy AGAIN =
            SupervisorStrategy.restartWithBackoff(Duration.ofSeconds(1), Duration.ofSeconds(15), 0.2);

    sealed interface Command {}

    /** What people want of it, from any node; answered with an id, or with an error that says what to do. */
    sealed interface Order extends Command {
        ActorRef<StatusReply<String>> replyTo();
    }

    record Acknowledge(String tenant, String incident, Ack ack, ActorRef<StatusReply<String>> replyTo)
            implements Order {}

    record BeSilent(Silence silence, ActorRef<StatusReply<String>> replyTo) implements Order {}

    record EndSilence(String tenant, String id, ActorRef<StatusReply<String>> replyTo) implements Order {}

    /** What never leaves the node. */
    private enum Tick implements Command, NoSerializationVerificationNeeded {
        LOOK
    }

    private record Seen(@Nullable List<OpenIncident> open, @Nullable Throwable failure)
            implements Command, NoSerializationVerificationNeeded {}

    private record Told(String key, @Nullable Throwable failure)
            implements Command, NoSerializationVerificationNeeded {}

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final OpenIncident.Lookout lookout;
    private final Telling telling;
    private final Outbox outbox;
    private final ProblemsSettings settings;
    private final Clock clock;
    private boolean looking;

    static Behavior<Command> create(
            OpenIncident.Lookout lookout, Telling telling, ProblemsSettings settings, Clock clock) {
        Behavior<Command> entity = Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new ProblemsEntity(context, timers, lookout, telling, settings, clock)));
        return Behaviors.supervise(entity).onFailure(AGAIN);
    }

    private ProblemsEntity(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            OpenIncident.Lookout lookout,
            Telling telling,
            ProblemsSettings settings,
            Clock clock) {
        super(ID, AGAIN);
        this.context = context;
        this.timers = timers;
        this.lookout = lookout;
        this.telling = telling;
        this.outbox = new Outbox(telling, settings);
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public Problems emptyState() {
        return new Problems();
    }

    @Override
    public CommandHandler<Command, ProblemsEvent, Problems> commandHandler() {
        return newCommandHandlerBuilder()
                .forAnyState()
                .onCommand(Tick.class, tick -> onTick())
                .onCommand(Seen.class, this::onSeen)
                .onCommand(Told.class, this::onTold)
                .onCommand(Acknowledge.class, this::onAcknowledge)
                .onCommand(BeSilent.class, this::onBeSilent)
                .onCommand(EndSilence.class, this::onEndSilence)
                .build();
    }

    @Override
    public EventHandler<Problems, ProblemsEvent> eventHandler() {
        return Problems::apply;
    }

    @Override
    public SignalHandler<Problems> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), this::onRecovered)
                .build();
    }

    /** After a failed write too: that ended the timer, and answers may have come meanwhile, to nobody. */
    private void onRecovered(Problems problems) {
        timers.startTimerWithFixedDelay(Tick.LOOK, settings.lookEvery());
        looking = false;
        outbox.forget();
        send(problems);
    }

    private Effect<ProblemsEvent, Problems> onTick() {
        if (!looking) {
            looking = true;
            context.pipeToSelf(lookout.now(), Seen::new);
        }
        return Effect().none();
    }

    private Effect<ProblemsEvent, Problems> onSeen(Problems problems, Seen seen) {
        looking = false;
        if (seen.open() == null) {
            LOG.warn("open incidents cannot be looked up now: {}", Outbox.message(seen.failure()));
            return Effect().none().thenRun(this::send);
        }
        return Effect()
                .persist(problems.look(seen.open(), telling, settings, clock.millis()))
                .thenRun(this::send);
    }

    private Effect<ProblemsEvent, Problems> onTold(Problems problems, Told told) {
        if (told.failure() == null) {
            Failpoint.AFTER_SEND.pass();
        }
        return problems.delivery(told.key())
                .filter(Delivery::isDue)
                .<Effect<ProblemsEvent, Problems>>map(delivery -> Effect()
                        .persist(new DeliveryChanged(outbox.returned(delivery, told.failure(), clock.millis())))
                        .thenRun(this::send))
                .orElseGet(() -> Effect().none());
    }

    private Effect<ProblemsEvent, Problems> onAcknowledge(Problems problems, Acknowledge order) {
        List<ProblemsEvent> events = problems.acknowledge(order.tenant(), order.incident(), order.ack());
        return events.isEmpty()
                ? Effect().reply(order.replyTo(), StatusReply.error("no problem that goes on has this incident"))
                : Effect().persist(events).thenReply(order.replyTo(), then -> StatusReply.success(order.incident()));
    }

    private Effect<ProblemsEvent, Problems> onBeSilent(Problems problems, BeSilent order) {
        return Effect()
                .persist(new SilenceChanged(order.silence()))
                .thenReply(
                        order.replyTo(),
                        then -> StatusReply.success(order.silence().id()));
    }

    private Effect<ProblemsEvent, Problems> onEndSilence(Problems problems, EndSilence order) {
        List<ProblemsEvent> events = problems.endSilence(order.tenant(), order.id(), clock.millis());
        return events.isEmpty()
                ? Effect().reply(order.replyTo(), StatusReply.error("there is no such silence"))
                : Effect().persist(events).thenReply(order.replyTo(), then -> StatusReply.success(order.id()));
    }

    private void send(Problems problems) {
        outbox.send(
                problems,
                clock.millis(),
                (key, sent) ->
                        context.pipeToSelf(sent.thenApply(taken -> key), (taken, failure) -> new Told(key, failure)));
    }

    @Override
    public String journalPluginId() {
        return "sonde.problems.journal";
    }

    @Override
    public String snapshotPluginId() {
        return "sonde.problems.snapshot";
    }

    @Override
    public SnapshotAdapter<Problems> snapshotAdapter() {
        return new ProblemsSnapshot.Adapter();
    }

    /** Events stay: the projection and a rebuild of the read side follow them. */
    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(SNAPSHOT_EVERY, 1);
    }
}
