package io.sonde.probe;

import io.sonde.qoe.QoeEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    /** From now on this is measured; runs that are under way end as they would have. */
    record Follow(Plan plan) implements Command {}

    private record Due(int target, long round) implements Command {}

    /** @param events one, or none when the run itself broke */
    private record Ran(Target target, List<QoeEvent> events) implements Command {
        Ran {
            events = List.copyOf(events);
        }
    }

    /** The uplink holds what it was given. */
    private record Held() implements Command {}

    private record Report() implements Command {}

    /** Measures on a thread of its own and calls back from it. */
    interface Runs {
        void start(Plan plan, Target target, long dueNanos, Consumer<List<QoeEvent>> done);
    }

    private static final Duration REPORT_INTERVAL = Duration.ofMinutes(1);
    /** How many events wait in memory for a disk that is slow. */
    private static final int MEMORY = 1_000;

    private final TimerScheduler<Command> timers;
    private final Runs runs;
    private final AgentCounters counters;
    private final ActorRef<Uplink.Command> uplink;
    private final Set<Target> underWay = new HashSet<>();
    /** In a row; of targets that are measured and have failed last. */
    private final Map<Target, Integer> failures = new HashMap<>();

    private final List<QoeEvent> seen = new ArrayList<>();
    private final ActorRef<Done> held;
    private Plan plan;
    private Schedule schedule;
    private Map<Target, Integer> places = Map.of();
    private long[] expected = {};
    private long startNanos;
    private boolean holding;
    private boolean stopping;

    private ProbeAgent(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Plan plan,
            Runs runs,
            AgentCounters counters,
            Behavior<Uplink.Command> uplink) {
        super(context);
        this.timers = timers;
        this.plan = plan;
        this.schedule = plan.schedule();
        this.runs = runs;
        this.counters = counters;
        this.uplink = context.spawn(uplink, "uplink", DispatcherSelector.blocking());
        context.watch(this.uplink);
        this.held = context.messageAdapter(Done.class, done -> new Held());
        timers.startTimerWithFixedDelay(new Report(), REPORT_INTERVAL);
        begin();
    }

    static Behavior<Command> create(Plan plan, Runs runs, AgentCounters counters, Behavior<Uplink.Command> uplink) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new ProbeAgent(context, timers, plan, runs, counters, uplink)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Follow.class, this::onFollow)
                .onMessage(Due.class, this::onDue)
                .onMessage(Ran.class, this::onRan)
                .onMessage(Held.class, this::onHeld)
                .onMessage(Report.class, this::onReport)
                .onMessage(Stop.class, this::onStop)
                .build();
    }

    /** What keeps being measured keeps what is known of it, so that its failures in a row go on. */
    private Behavior<Command> onFollow(Follow follow) {
        for (int target = 0; target < schedule.targets(); target++) {
            timers.cancel(target);
        }
        plan = follow.plan();
        schedule = plan.schedule();
        begin();
        failures.keySet().retainAll(places.keySet());
        countSlowed();
        return this;
    }

    private void begin() {
        startNanos = System.nanoTime();
        expected = new long[schedule.targets()];
        places = new HashMap<>();
        for (int target = 0; target < schedule.targets(); target++) {
            places.put(plan.targets().get(target), target);
            await(target, 0);
        }
    }

    private Behavior<Command> onDue(Due due) {
        if (stopping) {
            return this;
        }
        int target = due.target();
        Target what = plan.targets().get(target);
        if (underWay.add(what)) {
            long dueNanos = startNanos + schedule.startNanos(target, due.round(), 0);
            ActorRef<Command> self = getContext().getSelf();
            runs.start(plan, what, dueNanos, events -> self.tell(new Ran(what, events)));
        } else {
            counters.skipped(1);
        }
        counters.heldBack(due.round() - expected[target]);
        long next = schedule.nextRound(target, due.round(), System.nanoTime() - startNanos);
        counters.skipped(next - due.round() - 1);
        expected[target] = next;
        await(target, next + stride(what) - 1);
        return this;
    }

    private Behavior<Command> onRan(Ran ran) {
        underWay.remove(ran.target());
        Integer place = places.get(ran.target());
        for (QoeEvent event : ran.events()) {
            if (place != null) {
                judge(ran.target(), place, event.errorStage() == null);
            }
            seen.add(event);
        }
        if (seen.size() > MEMORY) {
            seen.remove(0);
            counters.dropped("disk_slow", 1);
        }
        return holding || seen.isEmpty() ? this : hold();
    }

    private void judge(Target target, int place, boolean successful) {
        int before = stride(target);
        if (successful) {
            failures.remove(target);
        } else {
            failures.merge(target, 1, Integer::sum);
        }
        int after = stride(target);
        String name = target.url().text();
        if (before == 1 && after > 1) {
            getContext().getLog().warn("{} keeps failing and is measured less often until it answers", name);
        } else if (before > 1 && after == 1) {
            getContext().getLog().info("{} answers again and is measured as before", name);
            await(place, Math.max(expected[place], schedule.nextRound(place, 0, System.nanoTime() - startNanos)));
        }
        countSlowed();
    }

    private int stride(Target target) {
        return plan.breaker().stride(failures.getOrDefault(target, 0));
    }

    private void countSlowed() {
        counters.slowed((int)
                failures.keySet().stream().filter(target -> stride(target) > 1).count());
    }

    private Behavior<Command> onHeld(Held held) {
        holding = false;
        return seen.isEmpty() ? this : hold();
    }

    private Behavior<Command> hold() {
        holding = true;
        uplink.tell(new Uplink.Hold(seen, schedule.targets(), held));
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
