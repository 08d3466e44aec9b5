package io.sonde.app.probes;

import io.sonde.core.Grant;
import io.sonde.core.Unavailable;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * Asks the tables of probes, on few threads of its own: however many probes ask at once, nobody else waits for them. Fails
 * with {@link Unavailable} when too many do.
 */
public final class Probes {
    private static final int THREADS = 2;
    private static final int WAITING = 500;
    private static final int RETRY_AFTER_S = 5;

    private final ProbeTable probes;
    private final ProbeConfigTable configs;
    private final ThreadPoolExecutor threads;

    public Probes(DataSource dataSource, Clock clock) {
        this.probes = new ProbeTable(dataSource);
        this.configs = new ProbeConfigTable(dataSource, clock);
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(WAITING), work -> {
                    var thread = new Thread(work, "sonde-probes");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** @param common what those are told that have none of their own */
    record Page(List<Probe> probes, Optional<ProbeConfig> common) {}

    CompletionStage<Page> page(ProbeTable.Wanted wanted) {
        return ask(() -> new Page(probes.page(wanted), configs.of(wanted.tenant(), ProbeConfig.DEFAULT)));
    }

    /** @param asked what is noted of a probe that asks */
    CompletionStage<Optional<ProbeConfig>> config(String tenant, String id, Optional<Probe.Asked> asked) {
        return ask(() -> {
            asked.ifPresent(said -> probes.note(tenant, id, said));
            return configs.of(tenant, id);
        });
    }

    CompletionStage<ProbeConfigTable.Change> put(Grant grant, ProbeConfig config, Precondition precondition) {
        return ask(() -> configs.put(grant, config, precondition));
    }

    CompletionStage<ProbeConfigTable.Change> delete(Grant grant, String id, Precondition precondition) {
        return ask(() -> configs.delete(grant, id, precondition));
    }

    private <T> CompletionStage<T> ask(Supplier<T> question) {
        try {
            return CompletableFuture.supplyAsync(question, threads);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(new Unavailable("too many probes ask at once", RETRY_AFTER_S, e));
        }
    }
}
