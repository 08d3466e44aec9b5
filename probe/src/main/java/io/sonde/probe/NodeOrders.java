package io.sonde.probe;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows what the node wants measured: its word, without a node the last one that was good, without any the probe's own
 * settings. On a thread of its own.
 */
final class NodeOrders implements AutoCloseable {
    /** What the node says to the question what is to be measured. */
    sealed interface Answer {}

    record Given(String etag, String json) implements Answer {
        Given {
            Objects.requireNonNull(etag);
            Objects.requireNonNull(json);
        }
    }

    record Unchanged() implements Answer {}

    /** The node leaves it to the probe's own settings. */
    record Nothing() implements Answer {}

    /** No node has answered, or not to this. */
    record NoWord(String why) implements Answer {}

    /** {@link OrderRequest} outside of tests. */
    @FunctionalInterface
    interface Asking {
        /** @param followed the ETag of what is followed, empty when it is the probe's own settings */
        Answer ask(Optional<String> followed);
    }

    private static final Logger LOG = LoggerFactory.getLogger(NodeOrders.class);
    /** Part of an interval by which one round is shorter or longer than another, so that probes do not ask in step. */
    private static final double JITTER = 0.1;
    /** Until the node is told that its word is followed. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private final Asking node;
    private final KeptOrders kept;
    private final OrderSettings settings;
    private final Plan own;
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
        var thread = new Thread(task, "sonde-probe-orders");
        thread.setDaemon(true);
        return thread;
    });
    private Consumer<Plan> follower = plan -> {};
    private Optional<Given> followed = Optional.empty();
    private Plan plan;
    private String complaint = "";
    private boolean changed;

    NodeOrders(Asking node, KeptOrders kept, OrderSettings settings, Plan own) {
        this.node = node;
        this.kept = kept;
        this.settings = settings;
        this.own = own;
        this.plan = own;
    }

    /** Asks the node and returns what is to be measured first. */
    Plan first() {
        kept.read().ifPresent(this::take);
        look();
        return plan;
    }

    /** From now on tells each change. */
    void follow(Consumer<Plan> each) {
        follower = each;
        again();
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    /** Asks once. */
    void look() {
        changed = false;
        Answer answer = node.ask(followed.map(Given::etag));
        if (answer instanceof NoWord none) {
            complain(none.why());
            return;
        }
        complaint = answer instanceof Given ? complaint : "";
        if (answer instanceof Given given && take(given)) {
            kept.write(given);
        } else if (answer instanceof Nothing && followed.isPresent()) {
            kept.forget();
            followed = Optional.empty();
            change(own, "the node leaves what is measured to the probe's own settings");
        }
    }

    private boolean take(Given given) {
        try {
            Plan young = Assignment.parse(given.json()).over(settings.own(), settings.reach());
            followed = Optional.of(given);
            complaint = "";
            change(young, "measuring as the node says, " + given.etag());
            return true;
        } catch (WrongSettings e) {
            complain("its configuration " + given.etag() + " cannot be followed: " + String.join("; ", e.problems()));
            return false;
        }
    }

    private void change(Plan young, String why) {
        LOG.info("{}: {}", why, young.differenceFrom(plan));
        plan = young;
        changed = true;
        follower.accept(young);
    }

    /** Once until something else is wrong, or it is well again. */
    private void complain(String why) {
        if (!why.equals(complaint)) {
            LOG.warn("the node does not say what to measure, so nothing of that changes: {}", why);
        }
        complaint = why;
    }

    private void again() {
        double part = 1 - JITTER + 2 * JITTER * ThreadLocalRandom.current().nextDouble();
        Duration wait = changed ? SOON : settings.poll();
        try {
            var unused = timer.schedule(this::lookAndAgain, (long) (wait.toNanos() * part), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("closed meanwhile");
        }
    }

    private void lookAndAgain() {
        try {
            look();
        } catch (RuntimeException e) {
            LOG.warn("asking the node what to measure broke; please report this", e);
        } finally {
            again();
        }
    }
}
