package io.sonde.probe;

import io.sonde.core.Failpoint;
import io.sonde.qoe.QoeEvent;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Holds events in the queue and brings them to the node in order: one request at a time, the same events again until they
 * are taken or cannot be. It blocks on the disk, so it has a thread of its own.
 */
final class Uplink extends AbstractBehavior<Uplink.Command> {
    sealed interface Command {}

    /** Its events leave when {@code round} of them wait; {@code replyTo} is told when they are held. */
    record Hold(List<QoeEvent> events, int round, ActorRef<Done> replyTo) implements Command {
        Hold {
            events = List.copyOf(events);
        }
    }

    /** Answered when nothing waits any more, or when an attempt failed. */
    record Drain(ActorRef<Done> replyTo) implements Command {}

    record Report() implements Command {}

    private record Answered(Outcome outcome) implements Command {}

    private record TryAgain() implements Command {}

    private record Linger() implements Command {}

    private record Sync() implements Command {}

    /** {@link EventPost#send} outside of tests. */
    interface Post extends Function<List<String>, CompletionStage<Outcome>> {}

    private final TimerScheduler<Command> timers;
    private final Post post;
    private final EventQueue queue;
    private final UploadSettings settings;
    private final Origin origin;
    private final Attempts attempts;
    private final AgentCounters counters;
    private List<String> underWay = List.of();
    /** Reasons that were said since the start. */
    private final Set<String> refusals = new HashSet<>();

    private boolean ripe;
    private @Nullable ActorRef<Done> drained;

    private Uplink(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Post post,
            EventQueue queue,
            UploadSettings settings,
            Origin origin,
            AgentCounters counters) {
        super(context);
        this.timers = timers;
        this.post = post;
        this.queue = queue;
        this.settings = settings;
        this.origin = origin;
        this.attempts = new Attempts(settings);
        this.counters = counters;
        this.ripe = queue.waiting() > 0;
        sendWhenRipe();
    }

    static Behavior<Command> create(
            Post post, EventQueue queue, UploadSettings settings, Origin origin, AgentCounters counters) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new Uplink(context, timers, post, queue, settings, origin, counters)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Hold.class, this::onHold)
                .onMessage(Linger.class, linger -> ripen())
                .onMessage(Sync.class, sync -> {
                    queue.sync();
                    return this;
                })
                .onMessage(Answered.class, this::onAnswered)
                .onMessage(TryAgain.class, retry -> sendWhenRipe())
                .onMessage(Drain.class, this::onDrain)
                .onMessage(Report.class, report -> report())
                .onSignal(PostStop.class, stop -> {
                    queue.close();
                    return this;
                })
                .build();
    }

    private Behavior<Command> onHold(Hold command) {
        queue.hold(command.events().stream().map(EventJson::of).toList());
        settings.queue().fsyncInterval().ifPresent(this::syncAfter);
        command.replyTo().tell(Done.getInstance());
        if (queue.waiting() >= command.round()) {
            return ripen();
        }
        if (!timers.isTimerActive(Linger.class)) {
            timers.startSingleTimer(Linger.class, new Linger(), settings.linger());
        }
        return this;
    }

    private void syncAfter(Duration interval) {
        if (interval.isZero()) {
            queue.sync();
        } else if (queue.isExposed() && !timers.isTimerActive(Sync.class)) {
            timers.startSingleTimer(Sync.class, new Sync(), interval);
        }
    }

    private Behavior<Command> ripen() {
        ripe = true;
        return sendWhenRipe();
    }

    private Behavior<Command> sendWhenRipe() {
        if (ripe && underWay.isEmpty() && !timers.isTimerActive(TryAgain.class)) {
            underWay = queue.next(attempts.batch());
            if (underWay.isEmpty()) {
                ripe = false;
                timers.cancel(Linger.class);
                replyDrained();
            } else {
                send();
            }
        }
        return this;
    }

    private void send() {
        var broken = new Answered(new Outcome.Again("connection", null));
        getContext()
                .pipeToSelf(
                        post.apply(underWay), (outcome, failure) -> failure == null ? new Answered(outcome) : broken);
    }

    private Behavior<Command> onAnswered(Answered answer) {
        Outcome outcome = answer.outcome();
        if (outcome instanceof Outcome.Taken taken) {
            return taken(taken);
        }
        return outcome instanceof Outcome.Refused refused ? refused(refused) : again((Outcome.Again) outcome);
    }

    private Behavior<Command> taken(Outcome.Taken taken) {
        counters.taken(taken);
        if (attempts.areFailing()) {
            getContext().getLog().info("the node at {} takes events again", settings.events());
        }
        attempts.succeeded();
        Failpoint.AFTER_SEND.pass();
        return settled(underWay.size());
    }

    /** Halves the batch until one event is left; that one is given up, and the next has to wait like after a failure. */
    private Behavior<Command> refused(Outcome.Refused refused) {
        if (underWay.size() > 1) {
            attempts.halve(underWay.size());
            queue.giveBack();
            underWay = List.of();
            return sendWhenRipe();
        }
        if (refusals.add(refused.reason())) {
            warn(refused.reason(), "an event that is refused even alone is dropped; more of them are only counted");
        }
        counters.dropped(refused.reason(), 1);
        rest(attempts.failed(ThreadLocalRandom.current().nextDouble()));
        return settled(1);
    }

    private Behavior<Command> again(Outcome.Again again) {
        int others = again.isOfForeignClient() ? origin.leadingStrangers(underWay) : 0;
        if (others > 0) {
            counters.dropped("other_client", others);
            return settled(others);
        }
        counters.retried(again.reason());
        if (attempts.isNew(again.reason())) {
            warn(again.reason(), again.meaning());
        }
        if (again.isBetterWithLess()) {
            attempts.halve(underWay.size());
        }
        rest(attempts.failed(again, ThreadLocalRandom.current().nextDouble()));
        queue.giveBack();
        underWay = List.of();
        replyDrained();
        return this;
    }

    private void rest(Duration wait) {
        timers.startSingleTimer(TryAgain.class, new TryAgain(), wait);
    }

    private Behavior<Command> settled(int count) {
        queue.settle(count);
        underWay = List.of();
        return sendWhenRipe();
    }

    private Behavior<Command> onDrain(Drain command) {
        drained = command.replyTo();
        if (attempts.areFailing()) {
            replyDrained();
            return this;
        }
        return ripen();
    }

    private Behavior<Command> report() {
        getContext().getLog().info("{}", counters.line(queue.waiting()));
        return this;
    }

    private void replyDrained() {
        if (drained != null) {
            report();
            drained.tell(Done.getInstance());
            drained = null;
        }
    }

    private void warn(String reason, String consequence) {
        getContext().getLog().warn("{} does not take events ({}): {}", settings.events(), reason, consequence);
    }
}
