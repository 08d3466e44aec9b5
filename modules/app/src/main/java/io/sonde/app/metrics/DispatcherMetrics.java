package io.sonde.app.metrics;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.dispatch.Dispatcher;

/** Threads of Pekko's dispatchers and of what JDBC blocks on, and what waits for one of them. */
final class DispatcherMetrics {
    private static final List<String> DISPATCHERS = List.of(
            "pekko.actor.default-dispatcher",
            "pekko.actor.internal-dispatcher",
            "pekko.actor.default-blocking-io-dispatcher",
            "pekko.projection.jdbc.blocking-jdbc-dispatcher");

    private record Load(int threads, int active, long waiting) {}

    private DispatcherMetrics() {}

    /** @param executors beside Pekko's own, by the name they are shown under */
    static void register(ActorSystem system, Map<String, ExecutorService> executors, PrometheusRegistry registry) {
        Map<String, Supplier<ExecutorService>> all = new LinkedHashMap<>();
        executors.forEach((name, executor) -> all.put(name, () -> executor));
        for (String name : DISPATCHERS) {
            if (system.dispatchers().lookup(name) instanceof Dispatcher dispatcher) {
                // Asked each time: a dispatcher that has rested goes on with another one.
                all.put(name.replaceAll("^pekko\\.|-dispatcher$", ""), dispatcher::executorService);
            }
        }
        GaugeWithCallback.builder()
                .name("sonde_dispatcher_threads")
                .help("Threads of a dispatcher, all of them and those that are at work.")
                .labelNames("dispatcher", "state")
                .callback(callback -> all.forEach((name, executor) -> {
                    Load load = load(executor.get());
                    callback.call(load.threads(), name, "all");
                    callback.call(load.active(), name, "active");
                }))
                .register(registry);
        GaugeWithCallback.builder()
                .name("sonde_dispatcher_waiting_tasks")
                .help("Tasks that wait for a thread of a dispatcher.")
                .labelNames("dispatcher")
                .callback(callback -> all.forEach((name, executor) ->
                        callback.call((double) load(executor.get()).waiting(), name)))
                .register(registry);
    }

    private static Load load(ExecutorService executor) {
        if (executor instanceof org.apache.pekko.dispatch.ExecutorServiceDelegate delegate) {
            return load(delegate.executor());
        }
        if (executor instanceof ForkJoinPool pool) {
            return new Load(
                    pool.getPoolSize(),
                    pool.getActiveThreadCount(),
                    pool.getQueuedTaskCount() + pool.getQueuedSubmissionCount());
        }
        if (executor instanceof ThreadPoolExecutor pool) {
            return new Load(
                    pool.getPoolSize(), pool.getActiveCount(), pool.getQueue().size());
        }
        return new Load(0, 0, 0);
    }
}
