package io.sonde.probe;

import io.sonde.qoe.NetworkContext;
import io.sonde.qoe.QoeEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that measure: bounded, and none of Pekko's, because sockets block. Whether a run downloads as well is decided
 * when it begins, so that a skipped run skips no download.
 */
final class Measurer implements ProbeAgent.Runs, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Measurer.class);

    private final HttpProbe probe;
    private final Map<Target, Downloads> downloads = new ConcurrentHashMap<>();
    private final String clientId;
    private final Supplier<NetworkContext> context;
    private final MeasurementTraces traces;
    private final AgentCounters counters;
    private final ProbeMetrics metrics;
    private final int most;
    private final ThreadPoolExecutor threads;

    /** @param most threads */
    Measurer(
            HttpProbe probe,
            int most,
            String clientId,
            Supplier<NetworkContext> context,
            MeasurementTraces traces,
            AgentCounters counters,
            ProbeMetrics metrics) {
        this.probe = probe;
        this.most = most;
        this.clientId = clientId;
        this.context = context;
        this.traces = traces;
        this.counters = counters;
        this.metrics = metrics;
        var count = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(1, most, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            var thread = new Thread(task, "sonde-probe-measure-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public void start(Plan plan, Target target, long dueNanos, Consumer<List<QoeEvent>> done) {
        try {
            threads.setCorePoolSize(Math.min(most, plan.targets().size()));
            threads.execute(() -> runAndTell(plan, target, dueNanos, done));
        } catch (RejectedExecutionException e) {
            // The agent ends; a run that was due meanwhile is none.
            done.accept(List.of());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        probe.close();
    }

    private void runAndTell(Plan plan, Target target, long dueNanos, Consumer<List<QoeEvent>> done) {
        List<QoeEvent> events = List.of();
        try {
            events = List.of(run(plan, target, dueNanos));
        } catch (RuntimeException e) {
            // The end of the agent breaks the runs that are under way.
            if (!threads.isShutdown()) {
                LOG.warn("measuring {} broke; please report this", target.url().text(), e);
            }
        } finally {
            done.accept(events);
        }
    }

    private QoeEvent run(Plan plan, Target target, long dueNanos) {
        long now = System.nanoTime();
        boolean download = target.downloadUrl() != null && isDownloadDue(plan, target, now);
        Measurement seen = probe.measure(target.url(), download ? target.download() : Optional.empty(), plan.reach());
        metrics.ran(seen.course());
        counters.ran(seen.successful(), (now - dueNanos) / 1_000_000);
        UUID event = UUID.randomUUID();
        String traceparent = traces.begin(seen, event, clientId).orElse(null);
        return seen.toEvent(event, clientId, context.get(), traceparent);
    }

    /** What is no longer measured is forgotten, and what is measured keeps its turn as long as its interval stays. */
    private boolean isDownloadDue(Plan plan, Target target, long now) {
        if (downloads.size() > plan.targets().size()) {
            downloads.keySet().retainAll(Set.copyOf(plan.targets()));
        }
        return plan.pace()
                .throughputInterval()
                .map(interval -> downloads
                        .compute(
                                target,
                                (any, due) -> due == null || !due.isEvery(interval) ? new Downloads(interval) : due)
                        .take(now))
                .orElse(false);
    }

    /** When a target's next download is due; at most one run of a target is under way, so one thread at a time asks. */
    private static final class Downloads {
        private final long intervalNanos;
        private long next;
        private boolean begun;

        Downloads(Duration interval) {
            this.intervalNanos = interval.toNanos();
        }

        boolean isEvery(Duration interval) {
            return interval.toNanos() == intervalNanos;
        }

        synchronized boolean take(long now) {
            if (begun && now - next < 0) {
                return false;
            }
            long missed = begun ? (now - next) / intervalNanos : 0;
            next = (begun ? next : now) + (missed + 1) * intervalNanos;
            begun = true;
            return true;
        }
    }
}
