package io.sonde.problems;

import io.sonde.core.Causes;
import io.sonde.core.Failpoint;
import io.sonde.core.OpenIncident;
import io.sonde.core.Unavailable;
import io.sonde.problems.Problem.Ack;
import io.sonde.problems.ProblemsEvent.DeliveryChanged;
import io.sonde.problems.ProblemsEvent.SilenceChanged;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.BackoffSupervisorStrategy;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
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
    private static final int LONGEST_ERROR = 500;
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
    private final OpenIncident.Lookout lookout;
    private final Telling telling;
    private final ProblemsSettings settings;
    private final Clock clock;
    private final Set<String> underWay = new HashSet<>();
    private boolean looking;

    /** Whatever goes wrong in it, it begins anew: nobody else would start it again before the node ends. */
    static Behavior<Command> create(
            OpenIncident.Lookout lookout, Telling telling, ProblemsSettings settings, Clock clock) {
        return Behaviors.<Command>supervise(Behaviors.setup(context -> Behaviors.withTimers(timers -> {
                    timers.startTimerWithFixedDelay(Tick.LOOK, settings.lookEvery());
                    return new ProblemsEntity(context, lookout, telling, settings, clock);
                })))
                .onFailure(Exception.class, AGAIN);
    }

    private ProblemsEntity(
            ActorContext<Command> context,
            OpenIncident.Lookout lookout,
            Telling telling,
            ProblemsSettings settings,
            Clock clock) {
        super(ID);
        this.context = context;
        this.lookout = lookout;
        this.telling = telling;
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
                .onSignal(RecoveryCompleted.instance(), this::send)
                .build();
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
            LOG.warn("open incidents cannot be looked up now: {}", message(seen.failure()));
            return Effect().none().thenRun(this::send);
        }
        return Effect()
                .persist(problems.look(seen.open(), telling, settings, clock.millis()))
                .thenRun(this::send);
    }

    private Effect<ProblemsEvent, Problems> onTold(Problems problems, Told told) {
        underWay.remove(told.key());
        if (told.failure() == null) {
            Failpoint.AFTER_SEND.pass();
        }
        return problems.delivery(told.key())
                .filter(delivery -> delivery.learnsOf(told.failure() == null))
                .<Effect<ProblemsEvent, Problems>>map(delivery -> Effect()
                        .persist(new DeliveryChanged(after(delivery, told.failure())))
                        .thenRun(this::send))
                .orElseGet(() -> Effect().none());
    }

    private Delivery after(Delivery delivery, @Nullable Throwable failure) {
        long nowMs = clock.millis();
        if (failure == null) {
            return delivery.sent(nowMs);
        }
        int attempts = delivery.attempts() + 1;
        if (attempts == 1) {
            LOG.warn(
                    "channel {} did not take {}, it is sent again: {}",
                    delivery.channel(),
                    delivery.key(),
                    message(failure));
        }
        return delivery.failed(
                message(failure),
                nowMs + settings.retryAfter(attempts, asked(failure)).toMillis());
    }

    /** What the receiver wants to be left alone for. */
    private static Duration asked(Throwable failure) {
        return Causes.of(failure) instanceof Unavailable unavailable
                ? Duration.ofSeconds(unavailable.retryAfterSeconds())
                : Duration.ZERO;
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

    /** What is due and not under way. It is marked as sent after it arrived: killed in between, it is sent again, with the same key. */
    private void send(Problems problems) {
        for (Delivery delivery : problems.due(clock.millis())) {
            if (underWay.add(delivery.key())) {
                Problem problem = Objects.requireNonNull(
                        problems.problem(delivery.problem()).orElse(null));
                telling.channel(delivery.channel())
                        .ifPresentOrElse(
                                channel -> context.pipeToSelf(
                                        channel.send(problem.told(delivery)),
                                        (sent, failure) -> new Told(delivery.key(), failure)),
                                () -> context.getSelf()
                                        .tell(new Told(
                                                delivery.key(),
                                                new IllegalStateException(
                                                        "there is no channel " + delivery.channel() + " any more"))));
            }
        }
    }

    private static String message(@Nullable Throwable failure) {
        String said = String.valueOf(failure == null ? null : Causes.of(failure).getMessage());
        return said.length() <= LONGEST_ERROR ? said : said.substring(0, LONGEST_ERROR);
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
