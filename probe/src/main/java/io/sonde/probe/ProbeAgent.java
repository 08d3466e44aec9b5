package io.sonde.probe;

import io.sonde.qoe.QoeEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/** Says when which target is measured, and gathers what was seen in a round into one delivery. Measures nothing itself. */
final class ProbeAgent extends AbstractBehavior<ProbeAgent.Command> {
    sealed interface Command {}

    /** Measures no more, and answers when what was seen is delivered or cannot be. */
    record Stop(ActorRef<Done> replyTo) implements Command {}

    private record Due(int target, long round) implements Command {}

    /** @param events one, or none when the run itself broke */
    private record Ran(int target, List<QoeEvent> events) implements Command {
        Ran {
            events = List.copyOf(events);
        }
    }

    private record Linger() implements Command {}

    private record Report() implements Command {}

    /** Measures on a thread of its own and calls back from it. */
    interface Runs {
        void start(int target, long dueNanos, Consumer<List<QoeEvent>> done);
    }

    private static final Duration REPORT_INTERVAL = Duration.ofMinutes(1);

    private final TimerScheduler<Command> timers;
    private final Schedule schedule;
    private final Duration linger;
    private final Runs runs;
    private final AgentCounters counters;
    private final ActorRef<Uplink.Command> uplink;
    private final long startNanos = System.nanoTime();
    private final BitSet underWay = new BitSet();
    private final List<QoeEvent> seen = new ArrayList<>();
    private boolean stopping;

    private ProbeAgent(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Schedule schedule,
            Duration linger,
            Runs runs,
            AgentCounters counters,
            Behavior<Uplink.Command> uplink) {
        super(context);
        this.timers = timers;
        this.schedule = schedule;
        this.linger = linger;
        this.runs = runs;
        this.counters = counters;
        this.uplink = context.spawn(uplink, "uplink");
        timers.startTimerWithFixedDelay(new Report(), REPORT_INTERVAL);
        for (int target = 0; target < schedule.targets(); target++) {
            await(target, 0);
        }
    }

    static Behavior<Command> create(
            Schedule schedule, Duration linger, Runs runs, AgentCounters counters, Behavior<Uplink.Command> uplink) {
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new ProbeAgent(context, timers, schedule, linger, runs, counters, uplink)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Due.class, this::onDue)
                .onMessage(Ran.class, this::onRan)
                .onMessage(Linger.class, linger -> deliver())
                .onMessage(Report.class, this::onReport)
                .onMessage(Stop.class, this::onStop)
                .build();
    }

    private Behavior<Command> onDue(Due due) {
        if (stopping) {
            return this;
        }
        int target = due.target();
        if (underWay.get(target)) {
            counters.skipped(1);
        } else {
            underWay.set(target);
            long dueNanos = startNanos + schedule.startNanos(target, due.round(), 0);
            ActorRef<Command> self = getContext().getSelf();
            runs.start(target, dueNanos, events -> self.tell(new Ran(target, events)));
        }
        long next = schedule.nextRound(target, due.round(), System.nanoTime() - startNanos);
        counters.skipped(next - due.round() - 1);
        await(target, next);
        return this;
    }

    private Behavior<Command> onRan(Ran ran) {
        underWay.clear(ran.target());
        seen.addAll(ran.events());
        if (seen.size() >= schedule.targets()) {
            return deliver();
        }
        if (!timers.isTimerActive(Linger.class)) {
            timers.startSingleTimer(Linger.class, new Linger(), linger);
        }
        return this;
    }

    private Behavior<Command> deliver() {
        timers.cancel(Linger.class);
        if (!seen.isEmpty()) {
            uplink.tell(new Uplink.Deliver(seen));
            seen.clear();
        }
        return this;
    }

    private Behavior<Command> onReport(Report report) {
        uplink.tell(new Uplink.Report());
        return this;
    }

    private Behavior<Command> onStop(Stop stop) {
        stopping = true;
        deliver();
        uplink.tell(new Uplink.Drain(stop.replyTo()));
        return this;
    }

    private void await(int target, long round) {
        double chance = ThreadLocalRandom.current().nextDouble();
        long start = schedule.startNanos(target, round, chance) - (System.nanoTime() - startNanos);
        timers.startSingleTimer(target, new Due(target, round), Duration.ofNanos(Math.max(0, start)));
    }
}
