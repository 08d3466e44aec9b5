package io.sonde.app.node;

import io.sonde.bus.Bus;
import io.sonde.query.Streams;
import io.sonde.views.WindowQueries;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.ServerBinding;

/**
 * How a node stops: it says that it is not ready and goes on until those who spread requests have seen it, then takes no new
 * requests and ends its streams, then no new deliveries, then its entities move or stop.
 */
record OrderlyStop(
        Health health, Duration drainDelay, ServerBinding binding, Streams streams, Bus bus, WindowQueries queries) {
    private static final Duration UNBIND_LIMIT = Duration.ofSeconds(6);

    void register(ActorSystem<?> system, Membership membership) {
        CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
        shutdown.addTask(CoordinatedShutdown.PhaseBeforeServiceUnbind(), "say-not-ready", this::drain);
        shutdown.addTask(CoordinatedShutdown.PhaseServiceUnbind(), "end-streams", streams::close);
        shutdown.addTask(CoordinatedShutdown.PhaseServiceUnbind(), "unbind-http", () -> binding.terminate(UNBIND_LIMIT)
                .thenApply(terminated -> Done.getInstance()));
        shutdown.addTask(CoordinatedShutdown.PhaseServiceStop(), "stop-bus", () -> {
            bus.close();
            queries.close();
            membership.leave();
            return CompletableFuture.completedFuture(Done.getInstance());
        });
    }

    private CompletionStage<Done> drain() {
        health.stopping();
        return CompletableFuture.supplyAsync(
                Done::getInstance, CompletableFuture.delayedExecutor(drainDelay.toMillis(), TimeUnit.MILLISECONDS));
    }
}
