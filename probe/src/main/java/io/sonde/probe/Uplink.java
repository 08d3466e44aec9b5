package io.sonde.probe;

import io.sonde.qoe.QoeEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Brings events to the node: one request at a time, the same one again until it is taken or cannot be, while a bounded
 * number of events waits behind it.
 */
final class Uplink extends AbstractBehavior<Uplink.Command> {
    sealed interface Command {}

    record Deliver(List<QoeEvent> events) implements Command {
        Deliver {
            events = List.copyOf(events);
        }
    }

    /** Answered when nothing waits any more, or when an attempt failed. */
    record Drain(ActorRef<Done> replyTo) implements Command {}

    record Report() implements Command {}

    private record Answered(Outcome outcome) implements Command {}

    private record TryAgain() implements Command {}

    /** Something that posts; {@link EventPost#send} outside of tests. */
    interface Post extends Function<List<QoeEvent>, CompletionStage<Outcome>> {}

    private final Post post;
    private final UploadSettings settings;
    private final Backoff backoff;
    private final AgentCounters counters;
    private final TimerScheduler<Command> timers;
    private final Deque<QoeEvent> waiting = new ArrayDeque<>();
    private List<QoeEvent> underWay = List.of();
    private int failures;
    private @Nullable ActorRef<Done> drained;

    private Uplink(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Post post,
            UploadSettings settings,
            AgentCounters counters) {
        super(context);
        this.timers = timers;
        this.post = post;
        this.settings = settings;
        this.backoff = new Backoff(settings.backoffMin(), settings.backoffMax());
        this.counters = counters;
    }

    static Behavior<Command> create(Post post, UploadSettings settings, AgentCounters counters) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new Uplink(context, timers, post, settings, counters)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Deliver.class, this::onDeliver)
                .onMessage(Answered.class, this::onAnswered)
                .onMessage(TryAgain.class, retry -> send())
                .onMessage(Drain.class, this::onDrain)
                .onMessage(Report.class, this::onReport)
                .build();
    }

    private Behavior<Command> onDeliver(Deliver command) {
        waiting.addAll(command.events());
        int over = waiting.size() + underWay.size() - settings.buffer();
        for (int i = 0; i < over && !waiting.isEmpty(); i++) {
            waiting.removeFirst();
            counters.dropped("buffer_full", 1);
        }
        return underWay.isEmpty() ? next() : this;
    }

    private Behavior<Command> onAnswered(Answered answer) {
        Outcome outcome = answer.outcome();
        if (outcome instanceof Outcome.Taken taken) {
            counters.taken(taken);
            if (failures > 0) {
                getContext().getLog().info("the node at {} takes events again", settings.events());
            }
            return settled();
        }
        if (outcome instanceof Outcome.Dropped dropped) {
            counters.dropped(dropped.reason(), underWay.size());
            warnOnce(dropped.reason(), "these events are dropped; check token and client id");
            return settled();
        }
        return again((Outcome.Again) outcome);
    }

    private Behavior<Command> again(Outcome.Again again) {
        counters.retried(again.reason());
        warnOnce(again.reason(), "events wait and are sent again");
        failures++;
        replyDrained();
        double chance = ThreadLocalRandom.current().nextDouble();
        Duration delay = backoff.delay(failures, again.retryAfter(), chance);
        timers.startSingleTimer(new TryAgain(), delay);
        return this;
    }

    private Behavior<Command> settled() {
        failures = 0;
        underWay = List.of();
        return next();
    }

    private Behavior<Command> next() {
        if (waiting.isEmpty()) {
            replyDrained();
            return this;
        }
        List<QoeEvent> batch = new ArrayList<>();
        while (batch.size() < settings.batch() && !waiting.isEmpty()) {
            batch.add(waiting.removeFirst());
        }
        underWay = batch;
        return send();
    }

    private Behavior<Command> send() {
        getContext()
                .pipeToSelf(
                        post.apply(underWay),
                        (outcome, failure) ->
                                new Answered(failure == null ? outcome : new Outcome.Again("connection", null)));
        return this;
    }

    private Behavior<Command> onDrain(Drain command) {
        drained = command.replyTo();
        if (failures > 0 || (underWay.isEmpty() && waiting.isEmpty())) {
            replyDrained();
        }
        return this;
    }

    private Behavior<Command> onReport(Report command) {
        getContext().getLog().info("{}", counters.line(waiting.size() + underWay.size()));
        return this;
    }

    private void replyDrained() {
        if (drained != null) {
            getContext().getLog().info("{}", counters.line(waiting.size() + underWay.size()));
            drained.tell(Done.getInstance());
            drained = null;
        }
    }

    private void warnOnce(String reason, String consequence) {
        if (failures == 0) {
            getContext().getLog().warn("{} does not take events ({}): {}", settings.events(), reason, consequence);
        }
    }
}
