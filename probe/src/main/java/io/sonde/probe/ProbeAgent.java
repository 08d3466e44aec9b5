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
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Says when which target is measured, and hands what was seen to the uplink, one delivery at a time, so that a slow disk is
 * waited for with bounded memory. Measures nothing itself.
 */
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

    /** The uplink holds what it was given. */
    private record Held() implements Command {}

    private record Report() implements Command {}

    /** Measures on a thread of its own and calls back from it. */
    interface Runs {
        void start(int target, long dueNanos, Consumer<List<QoeEvent>> done);
    }

    private static final Duration REPORT_INTERVAL = Duration.ofMinutes(1);
    /** How many events wait in memory for a disk that is slow. */
    private static final int MEMORY = 1_000;

    private final TimerScheduler<Command> timers;
    private final Schedule schedule;
    private final Breaker breaker;
    private final List<String> names;
    private final Runs runs;
    private final AgentCounters counters;
    private final ActorRef<Uplink.Command> uplink;
    private final long startNanos = System.nanoTime();
    private final BitSet underWay = new BitSet();
    private final int[] failures;
    private final long[] expected;
    private final List<QoeEvent> seen = new ArrayList<>();
    private final ActorRef<Done> held;
    private int slowed;
    private boolean holding;
    private boolean stopping;

    private ProbeAgent(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Schedule schedule,
            Breaker breaker,
            List<String> names,
            Runs runs,
            AgentCounters counters,
            Behavior<Uplink.Command> uplink) {
        super(context);
        this.timers = timers;
        this.schedule = schedule;
        this.breaker = breaker;
        this.names = List.copyOf(names);
        this.failures = new int[names.size()];
        this.expected = new long[names.size()];
        this.runs = runs;
        this.counters = counters;
        this.uplink = context.spawn(uplink, "uplink", DispatcherSelector.blocking());
        context.watch(this.uplink);
        this.held = context.messageAdapter(Done.class, done -> new Held());
        timers.startTimerWithFixedDelay(new Report(), REPORT_INTERVAL);
        for (int target = 0; target < schedule.targets(); target++) {
            await(target, 0);
        }
    }

    /** @param names of the targets, for the log */
    static Behavior<Command> create(
            Schedule schedule,
            Breaker breaker,
            List<String> names,
            Runs runs,
            AgentCounters counters,
            Behavior<Uplink.Command> uplink) {
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new ProbeAgent(context, timers, schedule, breaker, names, runs, counters, uplink)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Due.class, this::onDue)
                .onMessage(Ran.class, this::onRan)
                .onMessage(Held.class, this::onHeld)
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
        counters.heldBack(due.round() - expected[target]);
        long next = schedule.nextRound(target, due.round(), System.nanoTime() - startNanos);
        counters.skipped(next - due.round() - 1);
        expected[target] = next;
        await(target, next + breaker.stride(failures[target]) - 1);
        return this;
    }

    private Behavior<Command> onRan(Ran ran) {
        underWay.clear(ran.target());
        for (QoeEvent event : ran.events()) {
            judge(ran.target(), event.errorStage() == null);
            seen.add(event);
        }
        if (seen.size() > MEMORY) {
            seen.remove(0);
            counters.dropped("disk_slow", 1);
        }
        return holding || seen.isEmpty() ? this : hold();
    }

    private void judge(int target, boolean successful) {
        int before = breaker.stride(failures[target]);
        failures[target] = successful ? 0 : failures[target] + 1;
        int after = breaker.stride(failures[target]);
        if (before == 1 && after > 1) {
            slowed++;
            getContext()
                    .getLog()
                    .warn("{} keeps failing and is measured less often until it answers", names.get(target));
        } else if (before > 1 && after == 1) {
            slowed--;
            getContext().getLog().info("{} answers again and is measured as before", names.get(target));
            await(target, Math.max(expected[target], schedule.nextRound(target, 0, System.nanoTime() - startNanos)));
        }
        counters.slowed(slowed);
    }

    private Behavior<Command> onHeld(Held held) {
        holding = false;
        return seen.isEmpty() ? this : hold();
    }

    private Behavior<Command> hold() {
        holding = true;
        uplink.tell(new Uplink.Hold(seen, held));
        seen.clear();
        return this;
    }

    private Behavior<Command> onReport(Report report) {
        uplink.tell(new Uplink.Report());
        return this;
    }

    private Behavior<Command> onStop(Stop stop) {
        stopping = true;
        if (!seen.isEmpty()) {
            hold();
        }
        uplink.tell(new Uplink.Drain(stop.replyTo()));
        return this;
    }

    private void await(int target, long round) {
        double chance = ThreadLocalRandom.current().nextDouble();
        long start = schedule.startNanos(target, round, chance) - (System.nanoTime() - startNanos);
        timers.startSingleTimer(target, new Due(target, round), Duration.ofNanos(Math.max(0, start)));
    }
}
