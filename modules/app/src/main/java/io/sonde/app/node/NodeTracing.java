package io.sonde.app.node;

import io.sonde.core.Tracing;
import io.sonde.otlp.OtlpTracing;
import io.sonde.otlp.TracingSettings;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;

/** This node's spans, if it is to make any. What waits for the collector is sent when the node stops. */
final class NodeTracing {
    private NodeTracing() {}

    static Tracing start(ActorSystem<?> system) {
        TracingSettings settings =
                TracingSettings.from(system.settings().config().getConfig("sonde"));
        if (!settings.isOn()) {
            return Tracing.OFF;
        }
        String instance = Cluster.get(system).selfMember().address().hostPort();
        OtlpTracing tracing = OtlpTracing.start(settings, "sonde", instance);
        CoordinatedShutdown.get(system)
                .addTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate(), "send-spans", () -> {
                    tracing.close();
                    return CompletableFuture.completedFuture(Done.getInstance());
                });
        return tracing;
    }
}
